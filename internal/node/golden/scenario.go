package golden

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Scenario is a conversation with a server.
type Scenario struct {
	Name  string `json:"name"`
	Steps []Step `json:"steps"`
}

// Step is one call, or a look at a call that an earlier step has left open.
type Step struct {
	RPC       string            `json:"rpc"` // "streams.Append"
	Requests  []any             `json:"requests"`
	Headers   map[string]string `json:"headers"`
	Call      string            `json:"call"` // leaves the call open under this name
	On        string            `json:"on"`   // works on the call of this name
	HalfClose bool              `json:"half_close"`
	Cancel    bool              `json:"cancel"` // ends the call that On names
	AfterMS   int               `json:"after_ms"`
	WaitMS    int               `json:"wait_ms"`
	QuietMS   int               `json:"quiet_ms"` // how long an open call must stay silent after the step
	Unordered bool              `json:"unordered"`
	Answer    *Answer           `json:"answer"` // nil when the step has none
}

// Answer is what came back: messages, and the status unless the call stayed open.
type Answer struct {
	Messages []any             `json:"messages,omitempty"`
	Code     string            `json:"code"` // a gRPC name, or Open
	Message  string            `json:"message,omitempty"`
	Trailers map[string]string `json:"trailers,omitempty"`
}

// Open is the code of a call that had not ended.
const Open = "OPEN"

// Load reads the scenarios of one file, which may be compressed by gzip.
func Load(files fs.FS, name string) ([]Scenario, error) {
	body, err := ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	var all []Scenario
	if err := Decode(body, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return all, nil
}

// ReadFile reads a file, and unpacks one whose name ends in ".gz".
func ReadFile(files fs.FS, name string) ([]byte, error) {
	body, err := fs.ReadFile(files, name)
	if err != nil || path.Ext(name) != ".gz" {
		return body, err
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return io.ReadAll(unpacked)
}

// Decode reads JSON and keeps numbers as they are written.
func Decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return d.Decode(into)
}

// Theme is the part of a scenario's name before its first dot.
func (s Scenario) Theme() string {
	theme, _, _ := strings.Cut(s.Name, ".")
	return theme
}

// rpc is the method of a step, also of one that works on an open call.
func (s Scenario) rpc(step Step) string {
	rpc := step.RPC
	for _, earlier := range s.Steps {
		if step.On != "" && earlier.Call == step.On {
			rpc = earlier.RPC
		}
	}
	return rpc
}
