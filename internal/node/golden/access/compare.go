package access

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// difference says how an answer differs from the recorded one, "" when it does not.
func difference(want, got Answer, unordered bool) string {
	a, b := texts(want.Got, unordered), texts(got.Got, unordered)
	if want.Code == got.Code && want.Message == got.Message && maps.Equal(want.Trailers, got.Trailers) && slices.Equal(a, b) {
		return ""
	}
	return fmt.Sprintf("\n- %s %q %v %v\n+ %s %q %v %v", want.Code, want.Message, want.Trailers, a, got.Code, got.Message, got.Trailers, b)
}

// texts are messages in one form, sorted when their order does not count.
func texts(messages []any, unordered bool) []string {
	all := []string{}
	for _, m := range messages {
		text, ok := m.(string)
		if !ok {
			body, err := json.Marshal(m)
			if err != nil { // what came from JSON can be written
				panic("access: " + err.Error())
			}
			text = string(body)
		}
		all = append(all, text)
	}
	if unordered {
		slices.Sort(all)
	}
	return all
}
