// Package spec is given-when-then for deciders, for tests only.
package spec

import (
	"reflect"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
)

// Case is one sentence about a stream: given these facts, when this is asked.
type Case[S, C, E any] struct {
	t       *testing.T
	decider domain.Decider[S, C, E]
	state   S
}

// Given plays the facts that already happened.
func Given[S, C, E any](t *testing.T, d domain.Decider[S, C, E], facts ...E) Case[S, C, E] {
	t.Helper()
	return Case[S, C, E]{t, d, d.Fold(d.Initial(), facts...)}
}

// Answer is what the decider said.
type Answer[S, C, E any] struct {
	c     Case[S, C, E]
	facts []E
	err   error
}

// When asks.
func (c Case[S, C, E]) When(command C) Answer[S, C, E] {
	c.t.Helper()
	facts, err := c.decider.Decide(c.state, command)
	return Answer[S, C, E]{c, facts, err}
}

// Then expects exactly these facts; none means "already so".
func (a Answer[S, C, E]) Then(want ...E) {
	a.c.t.Helper()
	if a.err != nil {
		a.c.t.Fatalf("refused: %v", a.err)
	}
	if len(want) == 0 && len(a.facts) == 0 {
		return
	}
	if !reflect.DeepEqual(a.facts, want) {
		a.c.t.Fatalf("facts\n got %#v\nwant %#v", a.facts, want)
	}
}

// ThenRefused expects a refusal with this slug.
func (a Answer[S, C, E]) ThenRefused(slug string) {
	a.c.t.Helper()
	if a.err == nil {
		a.c.t.Fatalf("want refusal %q, got facts %#v", slug, a.facts)
	}
	if got := domain.SlugOf(a.err); got != slug {
		a.c.t.Fatalf("want refusal %q, got %v", slug, a.err)
	}
	if len(a.facts) != 0 {
		a.c.t.Fatalf("a refusal came with facts %#v", a.facts)
	}
}

// Facts gives the facts for further checks; a refusal fails the test.
func (a Answer[S, C, E]) Facts() []E {
	a.c.t.Helper()
	if a.err != nil {
		a.c.t.Fatalf("refused: %v", a.err)
	}
	return a.facts
}
