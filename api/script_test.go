package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A script is steps with an empty line between them. A step is a request and
// what is expected of the answer:
//
//	> POST /v1/reports as employee
//	Idempotency-Key: key-00000001
//	{"text": "…"}
//	< 201
//	ETag: "0"
//	{"id": "<report>"}
//
// The headers and members named are looked at, no others. "*" is anything, "-"
// (null in a body) is nothing, and <name> is what stood there the first time. Lines after # are for
// people.
type step struct {
	line            int
	comment         string
	method, path    string
	as              string
	headers, expect map[string]string
	body, answer    string
	status          int
}

func readScript(t *testing.T, file string) []step {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var steps []step
	var comment string
	asking := false
	for n, line := range strings.Split(string(content), "\n") {
		last := func() *step { return &steps[len(steps)-1] }
		switch {
		case strings.TrimSpace(line) == "":
		case strings.HasPrefix(line, "#"):
			comment = strings.TrimSpace(line[1:])
		case strings.HasPrefix(line, "> "):
			words := strings.Fields(line[2:])
			s := step{line: n + 1, comment: comment, method: words[0], path: words[1], headers: map[string]string{}, expect: map[string]string{}}
			if len(words) == 4 && words[2] == "as" {
				s.as = words[3]
			}
			steps, asking = append(steps, s), true
		case strings.HasPrefix(line, "< "):
			if last().status, err = strconv.Atoi(line[2:]); err != nil {
				t.Fatalf("%s:%d: %v", file, n+1, err)
			}
			asking = false
		case asking && last().body == "" && isHeader(line):
			name, value, _ := strings.Cut(line, ": ")
			last().headers[name] = value
		case asking:
			last().body += line + "\n"
		case last().answer == "" && isHeader(line):
			name, value, _ := strings.Cut(line, ": ")
			last().expect[name] = value
		default:
			last().answer += line + "\n"
		}
	}
	return steps
}

func isHeader(line string) bool {
	name, _, ok := strings.Cut(line, ": ")
	return ok && !strings.ContainsAny(name, `{}[]" `)
}

func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			p := player{t: t, town: newTown(t), file: file, known: map[string]string{}}
			p.known["token"], p.known["reading-token"] = p.town.tokenFor("employee", "read", "write"), p.town.tokenFor("employee", "read")
			for _, s := range readScript(t, file) {
				p.play(s)
			}
		})
	}
}

// player plays a script and remembers what stood for the names in it.
type player struct {
	t     *testing.T
	town  *town
	file  string
	known map[string]string
}

func (p *player) fill(s string) string {
	for name, value := range p.known {
		s = strings.ReplaceAll(s, "<"+name+">", value)
	}
	return s
}

func (p *player) play(s step) {
	p.t.Helper()
	p.town.show()
	req, err := http.NewRequestWithContext(p.t.Context(), s.method, p.town.server.URL+p.fill(s.path), strings.NewReader(p.fill(s.body)))
	if err != nil {
		p.t.Fatal(err)
	}
	if s.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if s.as != "" {
		req.Header.Set("Test-Person", s.as)
	}
	for name, value := range s.headers {
		req.Header.Set(name, p.fill(value))
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		p.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		p.t.Fatal(err)
	}
	var faults []string
	if res.StatusCode != s.status {
		faults = append(faults, fmt.Sprintf("status %d, want %d", res.StatusCode, s.status))
	}
	for _, name := range slices.Sorted(maps.Keys(s.expect)) {
		faults = append(faults, p.matches("header "+name, s.expect[name], res.Header.Get(name))...)
	}
	faults = append(faults, p.matchesBody(s.answer, body)...)
	if len(faults) > 0 {
		p.t.Fatalf("%s:%d: %s\n%s %s\n\t%s\nanswer: %s", p.file, s.line, s.comment, s.method, s.path, strings.Join(faults, "\n\t"), body)
	}
}

func (p *player) matchesBody(want string, got []byte) []string {
	if strings.TrimSpace(want) == "" {
		return nil
	}
	var expected, answer any
	if err := json.Unmarshal([]byte(want), &expected); err != nil {
		p.t.Fatalf("%s: %v in %s", p.file, err, want)
	}
	dec := json.NewDecoder(bytes.NewReader(got))
	if err := dec.Decode(&answer); err != nil {
		return []string{"the answer is no JSON: " + err.Error()}
	}
	return p.compare("body", expected, answer)
}

func (p *player) compare(at string, want, got any) []string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s is %v, want an object", at, got)}
		}
		var faults []string
		for _, name := range slices.Sorted(maps.Keys(w)) {
			faults = append(faults, p.compare(at+"."+name, w[name], g[name])...)
		}
		return faults
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return []string{fmt.Sprintf("%s is %v, want %d items", at, got, len(w))}
		}
		var faults []string
		for i := range w {
			faults = append(faults, p.compare(fmt.Sprintf("%s[%d]", at, i), w[i], g[i])...)
		}
		return faults
	case string:
		if got == nil {
			return []string{at + " is missing"}
		}
		return p.matches(at, w, fmt.Sprint(got))
	}
	if fmt.Sprint(want) != fmt.Sprint(got) {
		return []string{fmt.Sprintf("%s is %v, want %v", at, got, want)}
	}
	return nil
}

func (p *player) matches(at, want, got string) []string {
	if name, ok := strings.CutPrefix(want, "<"); ok {
		if name, ok = strings.CutSuffix(name, ">"); ok && p.known[name] == "" && got != "" {
			p.known[name] = got
			return nil
		}
	}
	if want = p.fill(want); want == "-" && got == "" {
		return nil
	}
	if want == "*" && got != "" || want == got {
		return nil
	}
	if head, ok := strings.CutSuffix(want, "*"); ok && head != "" && strings.HasPrefix(got, head) {
		return nil
	}
	return []string{fmt.Sprintf("%s is %q, want %q", at, got, want)}
}
