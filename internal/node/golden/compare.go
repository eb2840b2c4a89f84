package golden

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Difference says how an answer differs from the recorded one of a step; "" when it
// does not, or when none is recorded.
func Difference(scenario Scenario, step int, got *Answer) (string, error) {
	s := scenario.Steps[step]
	if s.Answer == nil {
		return "", nil
	}
	m, err := FindMethod(scenario.rpc(s))
	if err != nil {
		return "", err
	}
	want := *s.Answer
	want.Messages = nil
	for _, recorded := range s.Answer.Messages {
		v, err := Recorded(recorded, m.Answer.Descriptor())
		if err != nil {
			return "", fmt.Errorf("recorded answer: %w", err)
		}
		want.Messages = append(want.Messages, v)
	}
	a, b := lines(want, s.Unordered), lines(*got, s.Unordered)
	if reflect.DeepEqual(a, b) {
		return "", nil
	}
	out := ""
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			out += "\n+ " + b[i]
		case i >= len(b):
			out += "\n- " + a[i]
		case a[i] != b[i]:
			out += "\n- " + a[i] + "\n+ " + b[i]
		}
	}
	return out, nil
}

// lines is an answer as text: its end, then each message.
func lines(a Answer, unordered bool) []string {
	out := []string{line(Answer{Code: a.Code, Message: a.Message, Trailers: a.Trailers})}
	for _, m := range a.Messages {
		out = append(out, line(m))
	}
	if unordered {
		slices.Sort(out[1:])
	}
	return out
}

// line is a value in JSON, its keys in order.
func line(v any) string {
	var text bytes.Buffer
	w := json.NewEncoder(&text)
	w.SetEscapeHTML(false)
	if err := w.Encode(v); err != nil { // values that came from JSON can be written
		panic("golden: " + err.Error())
	}
	return strings.TrimSpace(text.String())
}
