package golden

import (
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/google/uuid"
)

// Names replaces, for one scenario, the recorded suffix and ids by fresh ones, and
// puts them back in what is answered.
type Names struct {
	Suffix string // what "~" stands for
	fresh  map[string]string
	known  map[string]string
}

// NewNames makes a fresh suffix: "-" and eight hex digits.
func NewNames() *Names {
	id := uuid.New()
	return &Names{"-" + hex.EncodeToString(id[:4]), map[string]string{}, map[string]string{}}
}

// Text replaces the suffix in a request's text.
func (n *Names) Text(s string) string { return strings.ReplaceAll(s, "~", n.Suffix) }

// ID is this run's id for a recorded one. The zero id and what is no id stay.
func (n *Names) ID(recorded string) string {
	id, err := uuid.Parse(recorded)
	if err != nil || id.String() != recorded || id == uuid.Nil {
		return recorded
	}
	if n.fresh[recorded] == "" {
		made := uuid.NewString()
		n.fresh[recorded], n.known[made] = made, recorded
	}
	return n.fresh[recorded]
}

// Learned tells the recorded id of one of this run.
func (n *Names) Learned(id string) (string, bool) {
	if id == uuid.Nil.String() {
		return id, true
	}
	recorded, ok := n.known[id]
	return recorded, ok
}

var anyID = regexp.MustCompile(`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)

// Back puts suffix and ids back in a text of an answer.
func (n *Names) Back(s string) string {
	s = strings.ReplaceAll(s, n.Suffix, "~")
	return anyID.ReplaceAllStringFunc(s, func(id string) string {
		if recorded, ok := n.Learned(id); ok {
			return recorded
		}
		return "<uuid>"
	})
}
