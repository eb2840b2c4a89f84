// Package catalog knows every event the ledger may hold: its stored name, its
// type, and how the one becomes the other. An unknown name stops a reader; it is
// never skipped.
package catalog

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/gowebpki/jcs"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/intake"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/policy"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// MaxEventBytes is the largest body we store: far above any honest fact, far
// below the event store's own limit of 1 MiB for one append.
const MaxEventBytes = 128 << 10

// Catalog maps stored names to types and back. It never changes once made.
type Catalog struct {
	types      map[string]reflect.Type
	names      map[reflect.Type]string
	categories map[string]bool // of the stored names
}

// Ledger makes the catalog of all streams.
func Ledger() (*Catalog, error) {
	return Of(unit.Stored, person.Stored, policy.Stored, indicator.Stored, plan.Stored, progress.Stored, feedback.Stored, appraisal.Stored,
		intake.Stored, bkn.Stored)
}

// Of joins lists of entries and refuses a name or a type that appears twice.
func Of(lists ...[]domain.Entry) (*Catalog, error) {
	c := &Catalog{types: map[string]reflect.Type{}, names: map[reflect.Type]string{}, categories: map[string]bool{}}
	for _, e := range slices.Concat(lists...) {
		if _, twice := c.types[e.Name]; twice {
			return nil, fmt.Errorf("the stored name %s is used twice", e.Name)
		}
		if name, twice := c.names[e.Type]; twice {
			return nil, fmt.Errorf("%s is stored as %s and as %s", e.Type, name, e.Name)
		}
		c.types[e.Name], c.names[e.Type] = e.Type, e.Name
		category, _, _ := strings.Cut(e.Name, ".")
		c.categories[category] = true
	}
	return c, nil
}

// Names lists every stored name, sorted.
func (c *Catalog) Names() []string { return slices.Sorted(maps.Keys(c.types)) }

// TypeOf gives the type stored under a name.
func (c *Catalog) TypeOf(name string) (reflect.Type, bool) {
	t, ok := c.types[name]
	return t, ok
}

// NameOf gives the stored name of an event value.
func (c *Catalog) NameOf(body any) (string, bool) {
	name, ok := c.names[reflect.TypeOf(body)]
	return name, ok
}

// Holds says whether a stream is one of the ledger's: its category has stored names.
func (c *Catalog) Holds(stream string) bool {
	category, _, _ := strings.Cut(stream, "-")
	return c.categories[category]
}

// Belongs says whether an event of this name in this stream is a fact of the
// ledger, known or of a later version: the stream is one of ours, and the name
// begins with its category. What does not belong was written by somebody else,
// and a known name in another category's stream is no fact either.
func (c *Catalog) Belongs(stream, name string) bool {
	category, _, _ := strings.Cut(stream, "-")
	rest, ok := strings.CutPrefix(name, category)
	return ok && strings.HasPrefix(rest, ".") && c.categories[category]
}

// Encode gives the stored name and the canonical bytes (RFC 8785) of an event.
func (c *Catalog) Encode(body any) (name string, data []byte, err error) {
	name, ok := c.NameOf(body)
	if !ok {
		return "", nil, fmt.Errorf("%T is no event of the catalog", body)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return "", nil, fmt.Errorf("encode %s: %w", name, err)
	}
	if data, err = jcs.Transform(raw); err != nil {
		return "", nil, fmt.Errorf("encode %s canonically: %w", name, err)
	}
	if len(data) > MaxEventBytes {
		return "", nil, fmt.Errorf("encode %s: %d bytes are more than %d", name, len(data), MaxEventBytes)
	}
	return name, data, nil
}

// Decode reads the body stored under a name. Unknown names, unknown fields,
// anything after the body and whatever Encode would not have written in this
// order are errors.
func (c *Catalog) Decode(name string, data []byte) (any, error) {
	t, ok := c.types[name]
	if !ok {
		return nil, fmt.Errorf("decode: unknown event %q", name)
	}
	if err := strict(data); err != nil {
		return nil, fmt.Errorf("decode %s: %w", name, err)
	}
	body := reflect.New(t)
	if err := jsonv2.Unmarshal(data, body.Interface(), jsonv2.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("decode %s: %w", name, err)
	}
	return body.Elem().Interface(), nil
}
