package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jejak-kinerja/jejak/api"
	v1 "github.com/jejak-kinerja/jejak/api/v1"
)

// secret stands in every malformed input; no answer may repeat it.
const secret = "RAHASIA-7f3a"

// corpus is what no body may be, whatever the operation.
func corpus() map[string]string {
	return map[string]string{
		"invalid UTF-8":         "{\"text\":\"" + secret + "\xff\"}",
		"a name twice":          `{"a":"` + secret + `","a":1}`,
		"a lone surrogate":      `{"a":"\ud800` + secret + `"}`,
		"NUL":                   `{"a":"` + secret + `\u0000"}`,
		"NUL in a name":         `{"a\u0000":"` + secret + `"}`,
		"something after":       `{} {"a":"` + secret + `"}`,
		"a broken end":          `{"a":"` + secret,
		"no JSON":               secret,
		"a list":                `["` + secret + `"]`,
		"a text":                `"` + secret + `"`,
		"null":                  `null`,
		"a huge number":         `{"a":1e999999}`,
		"deep":                  strings.Repeat("[", 200) + strings.Repeat("]", 200),
		"very deep":             strings.Repeat(`{"a":`, 20_000),
		"unknown names":         `{"` + secret + `!":1,"tidak_dikenal":"` + secret + `"}`,
		"too large":             `{"a":"` + strings.Repeat("x", v1.MaxBodyBytes) + secret + `"}`,
		"many unknown names":    "{" + many() + "}",
		"a byte order mark":     "\ufeff{}",
		"comments":              `{/* ` + secret + ` */}`,
		"single quotes":         `{'a':'` + secret + `'}`,
		"infinity":              `{"a":Infinity}`,
		"everything of no type": `{"text":{},"reason":[],"on":7,"edits":"x","rating":null,"source":1,"period":false,"values":{}}`,
	}
}

func many() string {
	var b strings.Builder
	for n := range 5000 {
		fmt.Fprintf(&b, `"n%d":1,`, n)
	}
	return strings.TrimSuffix(b.String(), ",")
}

func TestMalformedInputIsRefusedEverywhereAndNeverRepeated(t *testing.T) {
	c := newTown(t)
	record := c.record()
	before := len(c.store.All())
	for _, op := range operations(t) {
		path := record.fill(op.Path)
		if op.RequestBody != nil {
			for name, body := range corpus() {
				c.refuses(op, name, path, body)
			}
			for name, body := range wrongTypes(op) {
				c.refuses(op, name, path, body)
			}
		}
		for name, bad := range badPaths(op.Path) {
			c.withstands(op, name, bad, "")
		}
		for _, p := range op.Parameters {
			if p.In == "query" {
				c.withstands(op, "query "+p.Name, path+"?"+p.Name+"=%00"+secret, "")
				c.withstands(op, "query "+p.Name, path+"?"+p.Name+"=-1&"+p.Name+"=%ff", "")
			}
		}
	}
	if after := len(c.store.All()); after != before {
		t.Errorf("%d facts were stored from malformed input", after-before)
	}
}

// wrongTypes gives every member of the body, one at a time, a value it cannot have.
func wrongTypes(op *huma.Operation) map[string]string {
	bodies := map[string]string{}
	schema := op.RequestBody.Content["application/json"].Schema
	if schema.Ref != "" {
		document := api.Document(api.Deps{})
		schema = document.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	for name, member := range schema.Properties {
		wrong := `{"x":"` + secret + `"}`
		if member.Type == huma.TypeObject || member.Ref != "" {
			wrong = `"` + secret + `"`
		}
		bodies["wrong "+name] = `{"` + name + `":` + wrong + `}`
		bodies["null "+name] = `{"` + name + `":null,"` + secret + `":1}`
	}
	return bodies
}

func badPaths(pattern string) map[string]string {
	paths := map[string]string{}
	before, rest, ok := strings.Cut(pattern, "{")
	if !ok {
		return paths
	}
	_, after, _ := strings.Cut(rest, "}")
	for name, id := range map[string]string{"NUL": "%00", "invalid UTF-8": "%ff%fe", "a slash": "a%2fb", "long": strings.Repeat("a", 300),
		"dots": "..%2f..", "quotes": "%22'%3b--", "upper case": "ABC", "negative": "-1", "huge": "99999999999999999999"} {
		paths[name] = before + id + after
	}
	return paths
}

// withstands wants an answer that is no fault of ours and repeats nothing.
func (c *town) withstands(op *huma.Operation, name, path, body string) int {
	c.t.Helper()
	status, answer := c.try(op.Method, path, body, "employee")
	if status >= 500 || strings.Contains(answer, secret) {
		c.t.Errorf("%s, %s: %d %s", op.OperationID, name, status, answer)
	}
	return status
}

func (c *town) refuses(op *huma.Operation, name, path, body string) {
	c.t.Helper()
	if status := c.withstands(op, name, path, body); status < 400 {
		c.t.Errorf("%s took %s: %d", op.OperationID, name, status)
	}
}

func TestABodyThatBreaksOffIsNoFaultOfOurs(t *testing.T) {
	c := newTown(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.server.URL+"/v1/reports", &breaking{bytes.NewReader([]byte(`{"text":`))})
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Test-Person", "employee")
	req.Header.Set("Idempotency-Key", "patah-di-jalan")
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		_ = res.Body.Close()
		if res.StatusCode >= 500 {
			t.Errorf("status %d", res.StatusCode)
		}
	}
	if n := len(c.store.All()); n != int(c.shown.Load()) {
		t.Errorf("%d facts", n)
	}
}

// breaking is a body whose sender goes away.
type breaking struct{ *bytes.Reader }

func (b *breaking) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil {
		return n, fmt.Errorf("the line is cut")
	}
	return n, nil
}
