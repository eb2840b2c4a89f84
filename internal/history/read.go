package history

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// History is a run that was read back from its file.
type History struct {
	Seed  uint64
	Name  string
	Notes []string
	judge judge
}

// ErrCutOff says that a file ends before its history does.
var ErrCutOff = errors.New("the history is cut off")

// Read reads a file. What it cannot understand is an error with its line; a file
// that ends too early gives what there is with ErrCutOff.
func Read(from io.Reader) (*History, error) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, maxLineBytes)
	var first header
	if !lines.Scan() {
		return nil, errors.Join(ErrCutOff, lines.Err())
	}
	if err := json.Unmarshal(lines.Bytes(), &first); err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	if first.Format != format {
		return nil, fmt.Errorf("the history has format %d, this program knows %d", first.Format, format)
	}
	h := &History{Seed: first.Seed, Name: first.Name, judge: newJudge()}
	for n := 2; lines.Scan(); n++ {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if l.Note != "" {
			h.Notes = append(h.Notes, l.Note)
		}
		h.judge.hear(l)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read a history: %w", err)
	}
	if !h.judge.whole() {
		return h, ErrCutOff
	}
	return h, nil
}

// Check gives what is wrong with the history, in the order of the log and then of
// the requests; nothing when all promises were kept. At most MaxViolations are
// told: one fault often has a thousand consequences.
func (h *History) Check() []Violation { return h.judge.check() }

// Counts gives how many requests were acknowledged, and of how many others
// nothing is known.
func (h *History) Counts() (acknowledged, unknown int) { return h.judge.counts() }
