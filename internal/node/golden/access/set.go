// Package access helps tests that hold the node's rights against recorded answers
// of a real EventStoreDB: who may do what, over TLS, each call made by several
// callers in turn.
package access

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/jejak-kinerja/jejak/internal/node/golden"
)

// Set is a recorded set of scenarios with all that they refer to.
type Set struct {
	Users     map[string]User    `json:"users"`    // by label
	Sets      map[string]string  `json:"sets"`     // labels with spaces between
	Named     map[string]Answer  `json:"named"`    // answers that come often
	Requests  map[string]Request `json:"requests"` // what steps call
	Scenarios []Scenario         `json:"scenarios"`
}

// User is who calls. One without a name and a header sends no credentials.
type User struct {
	Name          string   `json:"name"`
	Password      string   `json:"password"`
	Groups        []string `json:"groups"`        // null: not to be made
	Disabled      bool     `json:"disabled"`      // not to be made either: must be refused
	Authorization *string  `json:"authorization"` // the header as it is
}

// Request is a call that several steps make.
type Request struct {
	RPC       string `json:"rpc"`
	Requests  []any  `json:"requests"`
	Open      bool   `json:"open"`
	HalfClose bool   `json:"half_close"`
}

// Scenario is a list of steps with a name.
type Scenario struct {
	Name  string `json:"name"`
	Slow  bool   `json:"slow"`  // waits for seconds
	Needs string `json:"needs"` // a service without which it says nothing
	Steps []Step `json:"steps"`
}

// Step is one call by one caller or by several in turn, or a look at an open call.
type Step struct {
	Do        string   `json:"do"`
	As        string   `json:"as"`
	Each      string   `json:"each"`
	Answer    *Answer  `json:"answer"`
	Answers   []Expect `json:"answers"`
	Call      string   `json:"call"`
	On        string   `json:"on"`
	Requests  []any    `json:"requests"`
	Unordered bool     `json:"unordered"`
	WaitMS    int      `json:"wait_ms"`
	QuietMS   int      `json:"quiet_ms"`
}

// Expect is the answer that some callers get.
type Expect struct {
	Labels string
	Answer *Answer
}

// UnmarshalJSON reads ["label label", answer].
func (e *Expect) UnmarshalJSON(body []byte) error {
	return json.Unmarshal(body, &[]any{&e.Labels, &e.Answer})
}

// Answer is what a call brought.
type Answer struct {
	Code     string            `json:"code"`
	Message  string            `json:"message"`
	Trailers map[string]string `json:"trailers"`
	Got      []any             `json:"got"` // a text for each message; of a refused batch {"error": status}

	name string // of an answer in Set.Named
}

// UnmarshalJSON reads an answer, or the name of one.
func (a *Answer) UnmarshalJSON(body []byte) error {
	if body[0] == '"' {
		return json.Unmarshal(body, &a.name)
	}
	type plain Answer
	return golden.Decode(body, (*plain)(a))
}

// Load reads a set, which may be compressed by gzip.
func Load(files fs.FS, name string) (*Set, error) {
	body, err := golden.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	s := &Set{}
	if err := golden.Decode(body, s); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// labels are the callers that a text names: labels, or keys of Sets.
func (s *Set) labels(text string) []string {
	var all []string
	for _, word := range strings.Fields(text) {
		if more, ok := s.Sets[word]; ok {
			all = append(all, strings.Fields(more)...)
		} else {
			all = append(all, word)
		}
	}
	return all
}

// expected is what a caller is to get in a step; nil when nothing is recorded.
func (s *Set) expected(step Step, label string) *Answer {
	a := step.Answer
	for _, e := range step.Answers {
		if e.Labels == "*" || slices.Contains(s.labels(e.Labels), label) {
			a = e.Answer
			break
		}
	}
	if a != nil && a.name != "" {
		named := s.Named[a.name]
		return &named
	}
	return a
}
