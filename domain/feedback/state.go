package feedback

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Reply is one word of the thread.
type Reply struct {
	By   domain.PersonID
	Text domain.Sealed
}

// State is what the facts say about one piece of feedback.
type State struct {
	Feedback domain.FeedbackID
	About    domain.PersonID
	By       domain.PersonID
	Relation Relation
	Tone     Tone
	Text     domain.Sealed
	// Seen says that the person has read it.
	Seen     bool
	Replies  []Reply
	Disputed bool
}

// Exists says whether the feedback was given.
func (s State) Exists() bool { return s.Feedback != "" }

// Evolve moves the state on by one fact.
func Evolve(s State, event Event) State {
	switch e := event.(type) {
	case Given:
		s.Feedback, s.About, s.By = e.Feedback, e.About, e.By
		s.Relation, s.Tone, s.Text = e.Relation, e.Tone, e.Text
	case Read:
		s.Seen = true
	case Replied:
		s.Replies = append(slices.Clone(s.Replies), Reply(e))
	case Disputed:
		s.Disputed = true
	}
	return s
}
