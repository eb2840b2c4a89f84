package person

import (
	"slices"
	"strconv"

	"github.com/jejak-kinerja/jejak/domain"
)

// AssignPost puts the person in a post; a main post (Acting empty) replaces the
// main post held so far. Istilah: tempatkan dalam jabatan, mutasi.
type AssignPost struct {
	Title  string
	Level  Level
	Unit   domain.UnitID
	Acting domain.Capacity
	From   domain.Date
}

func (AssignPost) personCommand() {}

func decideAssignPost(s State, c AssignPost) ([]Event, error) {
	if err := serving(s, c.From); err != nil {
		return nil, err
	}
	if err := domain.CheckWording("title", c.Title); err != nil {
		return nil, err
	}
	if !slices.Contains(Levels, c.Level) {
		return nil, domain.Bad("level", "level-unknown", "level is one of %v", Levels)
	}
	if err := domain.CheckID("unit", string(c.Unit)); err != nil {
		return nil, err
	}
	if c.Acting != "" && c.Acting != domain.ActingVacant && c.Acting != domain.ActingAbsent {
		return nil, domain.Bad("acting", "acting-unknown", "acting is plt, plh or empty")
	}
	for _, p := range s.Posts {
		if p.Title == c.Title && p.Level == c.Level && p.Unit == c.Unit && p.Acting == c.Acting && p.Span.Holds(c.From) {
			return nil, nil
		}
		if c.Acting == "" && p.Acting == "" && p.Span.From >= c.From {
			return nil, domain.Refuse("main-post-later-on-file",
				"a main post is on file from %s on; a new one must begin after it", p.Span.From)
		}
	}
	return []Event{PostAssigned{nextPost(s), c.Title, c.Level, c.Unit, c.Acting, c.From}}, nil
}

// nextPost names a new holding: "p1", "p2", ….
func nextPost(s State) string { return "p" + strconv.Itoa(len(s.Posts)+1) }
