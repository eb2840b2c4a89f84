package access

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/jejak-kinerja/jejak/internal/node/golden"
)

// Deviations are the answers that our node gives otherwise, by kind.
type Deviations struct {
	Kinds map[string]Kind `json:"kinds"`
	Loose bool            `json:"-"` // made for another set: not all need to differ in this one
}

// Kind is one reason to answer otherwise.
type Kind struct {
	Verdict string                       `json:"verdict"`
	Why     string                       `json:"why"`
	Answers map[string]map[string]string `json:"answers"` // scenario, step, labels with spaces between
}

// LoadDeviations reads them.
func LoadDeviations(files fs.FS, name string) (*Deviations, error) {
	body, err := golden.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	d := &Deviations{}
	if err := golden.Decode(body, d); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}

// KindOf is the kind under which an outcome is listed, "" for none.
func (d *Deviations) KindOf(o Outcome) string {
	for name, kind := range d.Kinds {
		if slices.Contains(strings.Fields(kind.Answers[o.Scenario][fmt.Sprint(o.Step)]), o.Label) {
			return name
		}
	}
	return ""
}
