package feed

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
)

// filter narrows what is sent; the zero filter is everything.
type filter struct {
	types    []string
	stream   string
	category string
	unit     string
}

// parseFilter reads type (may stand there many times, with or without
// TypePrefix), stream, category and unit. A type nobody knows is refused.
func parseFilter(q url.Values, names []string) (filter, error) {
	f := filter{stream: q.Get("stream"), category: q.Get("category"), unit: q.Get("unit")}
	for _, t := range q["type"] {
		name := strings.TrimPrefix(t, TypePrefix)
		if !slices.Contains(names, name) {
			return f, domain.Bad("type", "event-name-unknown", "no event has this name")
		}
		f.types = append(f.types, name)
	}
	return f, nil
}

// takes passes over what is foreign: it is no fact of this ledger.
func (f filter) takes(e Entry) bool {
	switch {
	case e.Foreign, len(f.types) > 0 && !slices.Contains(f.types, e.Name),
		f.stream != "" && e.Stream != f.stream,
		f.category != "" && !strings.HasPrefix(e.Stream, f.category+"-"):
		return false
	}
	return f.unit == "" || f.unit == unitOf(e)
}

// unitOf is the unit that the fact itself names.
func unitOf(e Entry) string {
	var named struct {
		Unit string `json:"unit"`
	}
	if json.Unmarshal(e.Data, &named) != nil { // a body we cannot read names no unit
		return ""
	}
	return named.Unit
}
