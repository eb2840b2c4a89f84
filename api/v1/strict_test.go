package v1

import (
	stdjson "encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestStrictJSONTakesWhatIsRight(t *testing.T) {
	var v struct {
		Text string `json:"text"`
		N    int64  `json:"n"`
	}
	if err := unmarshal([]byte(` {"text":"Sabang \ud83c\udf0a","n":9007199254740993} `), &v); err != nil || v.Text != "Sabang 🌊" || v.N != 9007199254740993 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestStrictJSONRefusesTheRest(t *testing.T) {
	for name, body := range map[string]string{
		"invalid UTF-8": "\"\xff\"", "a name twice": `{"a":1,"a":2}`, "a name twice inside": `[{"a":{"b":1,"b":2}}]`,
		"a name twice, escaped": `{"a":1,"\u0061":2}`, "a lone surrogate": `"\ud800"`, "NUL": `"a\u0000"`, "NUL in a name": `{"\u0000":1}`,
		"something after": `{} {}`, "deep": strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1), "nothing": ``, "a broken end": `{"a":`,
	} {
		var v any
		if err := unmarshal([]byte(body), &v); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// FuzzStrictJSON: what is taken is JSON to everybody, and holds no NUL.
func FuzzStrictJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":[1,"b",null]}`, `"\ud83c\udf0a"`, `{"a":1,"a":2}`, "\"\xff\"", `"\u0000"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var v any
		if unmarshal(body, &v) != nil {
			return
		}
		var w any
		if err := stdjson.Unmarshal(body, &w); err != nil && !strings.Contains(err.Error(), "cannot unmarshal number") {
			t.Errorf("%q is no JSON to others: %v", body, err)
		}
		if !utf8.Valid(body) || hasNUL(v) {
			t.Errorf("%q holds what it must not", body)
		}
	})
}

func hasNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		for _, x := range v {
			if hasNUL(x) {
				return true
			}
		}
	case map[string]any:
		for name, x := range v {
			if hasNUL(name) || hasNUL(x) {
				return true
			}
		}
	}
	return false
}

func TestAnETagIsOneRevisionInQuotes(t *testing.T) {
	for tag, want := range map[string]int64{`"0"`: 0, ` "12" `: 12} {
		if got, err := parseETag(tag); err != nil || got != want {
			t.Errorf("%q: %d, %v", tag, got, err)
		}
	}
	for _, tag := range []string{``, `*`, `0`, `"0`, `W/"0"`, `"-1"`, `"1","2"`, `"99999999999999999999"`, `"1.0"`} {
		if _, err := parseETag(tag); err == nil {
			t.Errorf("%q is taken", tag)
		}
	}
}
