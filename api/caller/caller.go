// Package caller tells a handler who asks, in which language, and through which door.
package caller

import (
	"context"
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// Language of the answer.
type Language string

const (
	// Indonesian is the default.
	Indonesian Language = "id"
	// English is the switch.
	English Language = "en"
)

// Caller is who asks. The zero Caller is nobody, in Indonesian.
type Caller struct {
	Person domain.PersonID
	Unit   domain.UnitID
	Roles  []person.Role
	Source domain.Source
	// Session names the session or token, for its owner's list and for revoking.
	Session string
	// Scopes narrow what a token may be used for; nil, as for a session, narrows nothing.
	Scopes []Scope
}

// Scope is one thing that a token may be used for.
type Scope string

const (
	// Read what its person may read.
	Read Scope = "read"
	// Write in the name of its person.
	Write Scope = "write"
	// Feed is the feed of all events, without texts and names.
	Feed Scope = "feed"
)

// Scopes lists every scope.
var Scopes = []Scope{Read, Write, Feed}

// May says whether the caller's token, if it is one, was given the scope.
func (c Caller) May(s Scope) bool { return c.Scopes == nil || slices.Contains(c.Scopes, s) }

// Known says whether somebody is logged in.
func (c Caller) Known() bool { return c.Person != "" }

// Has says whether the caller may act for an office.
func (c Caller) Has(r person.Role) bool { return slices.Contains(c.Roles, r) }

type callerKey struct{}
type languageKey struct{}

// With puts the caller into the context.
func With(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// From gives the caller; nobody when there is none.
func From(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// WithLanguage puts the language of the answer into the context.
func WithLanguage(ctx context.Context, l Language) context.Context {
	return context.WithValue(ctx, languageKey{}, l)
}

// LanguageOf gives the language of the answer, Indonesian when none was chosen.
func LanguageOf(ctx context.Context) Language {
	if l, ok := ctx.Value(languageKey{}).(Language); ok {
		return l
	}
	return Indonesian
}
