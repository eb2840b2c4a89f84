package golden

import (
	"fmt"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// Places are the positions that a scenario has learned, under names.
type Places struct {
	byName map[string]uint64
	known  []uint64 // in order, each once
	names  map[uint64]string
}

// NewPlaces knows nothing.
func NewPlaces() *Places {
	return &Places{byName: map[string]uint64{}, names: map[uint64]string{}}
}

// Place is the position of a name, 0 when it is unknown; "max" is the greatest.
func (p *Places) Place(name string) uint64 {
	if name == "max" {
		return p.max()
	}
	return p.byName[name]
}

func (p *Places) max() uint64 {
	if len(p.known) == 0 {
		return 0
	}
	return p.known[len(p.known)-1]
}

func (p *Places) learn(name string, at uint64) {
	if _, ok := p.byName[name]; ok {
		return
	}
	p.byName[name] = at
	if _, ok := p.names[at]; ok {
		return
	}
	p.names[at] = name
	i := sort.Search(len(p.known), func(i int) bool { return p.known[i] >= at })
	p.known = append(p.known, 0)
	copy(p.known[i+1:], p.known[i:])
	p.known[i] = at
}

// learnWrite takes the position that the answer of a write tells. A repeat's is
// that of an older event, and tells nothing.
func (p *Places) learnWrite(step int, answer map[string]any, stream string) {
	success, appended := answer["success"].(map[string]any)
	where := answer
	if appended {
		where = success
	}
	at, ok := number(where["position"], "commit_position")
	if !ok || at <= p.max() {
		return
	}
	p.learn(fmt.Sprintf("w%d", step), at)
	if appended && stream != "" {
		revision, _ := success["current_revision"].(string)
		if _, none := success["no_stream"]; !none {
			p.learn(stream+"/"+orZero(revision), at)
		}
	}
}

// learnEvent takes the position of an event that was read; of a link's target it
// is not sure.
func (p *Places) learnEvent(answer map[string]any, back func(string) string) {
	read, _ := answer["event"].(map[string]any)
	e, ok := read["link"].(map[string]any)
	if !ok {
		e, _ = read["event"].(map[string]any)
	}
	at, ok := number(e, "commit_position")
	identifier, _ := e["stream_identifier"].(map[string]any)
	name, _ := identifier["stream_name"].(string)
	if !ok || name == "" {
		return
	}
	revision, _ := e["stream_revision"].(string)
	p.learn(back(name)+"/"+orZero(revision), at)
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

func number(v any, field string) (uint64, bool) {
	object, _ := v.(map[string]any)
	s, _ := object[field].(string)
	n, err := strconv.ParseUint(s, 10, 64)
	return n, err == nil
}

// name is a position by what is known of it.
func (p *Places) name(at uint64) string {
	if at == 0 || at == math.MaxInt64 || at == math.MaxUint64 {
		return strconv.FormatUint(at, 10)
	}
	if name, ok := p.names[at]; ok {
		return "@" + name
	}
	i := sort.Search(len(p.known), func(i int) bool { return p.known[i] > at })
	if i == 0 {
		return "@-"
	}
	return "@" + p.names[p.known[i-1]] + ".."
}

var placeText = regexp.MustCompile(`C:(\d+)/P:(\d+)`)

// Text names the positions in a text.
func (p *Places) Text(s string) string {
	return placeText.ReplaceAllStringFunc(s, func(found string) string {
		parts := placeText.FindStringSubmatch(found)
		named := make([]string, 2)
		for i, part := range parts[1:] {
			n, err := strconv.ParseUint(part, 10, 64)
			if err != nil {
				return found
			}
			named[i] = p.name(n)
		}
		return "C:" + named[0] + "/P:" + named[1]
	})
}

// Named replaces positions by names everywhere in an answer.
func (p *Places) Named(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			s, isText := value.(string)
			n, err := strconv.ParseUint(s, 10, 64)
			if isText && err == nil && (key == "commit_position" || key == "prepare_position") {
				v[key] = p.name(n)
				continue
			}
			v[key] = p.Named(value)
		}
	case []any:
		for i := range v {
			v[i] = p.Named(v[i])
		}
	case string:
		if strings.Contains(v, "C:") {
			return p.Text(v)
		}
	}
	return v
}
