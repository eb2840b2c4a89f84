package person

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Post is one holding of a post.
type Post struct {
	Key    string
	Title  string
	Level  Level
	Unit   domain.UnitID
	Acting domain.Capacity
	Span   domain.Span
}

// Line is one entry of the reporting line: the superior from a day on.
type Line struct {
	Superior domain.PersonID
	From     domain.Date
}

// Grant is one role and the span in which it is held.
type Grant struct {
	Role Role
	Span domain.Span
}

// State is what the facts say about one person.
type State struct {
	Person     domain.PersonID
	Employment Employment
	Invented   bool
	Posts      []Post
	Lines      []Line
	Grants     []Grant
	Questioned bool
	LastDay    domain.Date
	Cause      Cause
	// Destroyed lists the record classes whose key is gone.
	Destroyed []string
}

// Exists says whether the person was registered.
func (s State) Exists() bool { return s.Person != "" }

// ServingOn says whether the person is in service on a day.
func (s State) ServingOn(d domain.Date) bool {
	return s.Exists() && (s.LastDay == "" || d <= s.LastDay)
}

// MainPostOn gives the main post held on a day; false when there is none.
func (s State) MainPostOn(d domain.Date) (Post, bool) {
	for _, p := range slices.Backward(s.Posts) {
		if p.Acting == "" && p.Span.Holds(d) {
			return p, true
		}
	}
	return Post{}, false
}

// SuperiorOn gives the direct superior on a day; empty when none is on file.
func (s State) SuperiorOn(d domain.Date) domain.PersonID {
	var superior domain.PersonID
	var since domain.Date
	for _, l := range s.Lines {
		if l.From <= d && l.From >= since {
			superior, since = l.Superior, l.From
		}
	}
	return superior
}

// HasRole says whether the person may act for an office on a day.
func (s State) HasRole(r Role, d domain.Date) bool {
	return slices.ContainsFunc(s.Grants, func(g Grant) bool { return g.Role == r && g.Span.Holds(d) })
}

// Evolve moves the state on by one fact.
func Evolve(s State, event Event) State {
	switch e := event.(type) {
	case Registered:
		s.Person, s.Employment, s.Invented = e.Person, e.Employment, e.Invented
	case PostAssigned:
		s.Posts = slices.Clone(s.Posts)
		if e.Acting == "" {
			endMainPosts(s.Posts, e.From.AddDays(-1))
		}
		s.Posts = append(s.Posts, Post{e.Post, e.Title, e.Level, e.Unit, e.Acting, domain.Span{From: e.From}})
	case PostEnded:
		s.Posts = slices.Clone(s.Posts)
		for i := range s.Posts {
			if s.Posts[i].Key == e.Post {
				s.Posts[i].Span.Until = e.LastDay
			}
		}
	case ReportingLineSet:
		s.Lines = append(slices.Clone(s.Lines), Line{e.Superior, e.From})
		s.Questioned = false
	case ReportingLineCorrected:
		s.Lines = slices.Clone(s.Lines)
		for i := range s.Lines {
			if s.Lines[i].From == e.From && s.Lines[i].Superior == e.Wrong {
				s.Lines[i].Superior = e.Superior
			}
		}
		s.Questioned = false
	case LineQuestioned:
		s.Questioned = true
	case RoleGranted:
		s.Grants = append(slices.Clone(s.Grants), Grant{e.Role, domain.Span{From: e.From}})
	case RoleRevoked:
		s.Grants = slices.Clone(s.Grants)
		for i := range s.Grants {
			if s.Grants[i].Role == e.Role && s.Grants[i].Span.Until == "" {
				s.Grants[i].Span.Until = e.LastDay
			}
		}
	case Separated:
		s.LastDay, s.Cause = e.LastDay, e.Cause
	case KeyDestroyed:
		s.Destroyed = append(slices.Clone(s.Destroyed), e.Class)
	}
	return s
}

// endMainPosts cuts main posts that would reach beyond the last day.
func endMainPosts(posts []Post, lastDay domain.Date) {
	for i := range posts {
		span := &posts[i].Span
		if posts[i].Acting == "" && span.From <= lastDay && (span.Until == "" || span.Until > lastDay) {
			span.Until = lastDay
		}
	}
}
