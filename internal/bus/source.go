package bus

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
)

// Fact is an event in its place in the log; Err says why it could not be decoded.
// The same type as projections/engine.Fact.
type Fact = struct {
	domain.Recorded
	Err error
}

// Source is the log.
type Source interface {
	// Subscribe follows the log from the fact after a position on, without end.
	Subscribe(ctx context.Context, after uint64) (Stream, error)
}

// Stream gives the facts of the log in order, none left out.
type Stream interface {
	// Next waits for facts and gives those that are there, at least one, or fails
	// when ctx ends or the stream is broken.
	Next(ctx context.Context) ([]Fact, error)
	// Close ends the stream and waits for what it started.
	Close() error
}

// Handler applies facts.
type Handler struct {
	// Name is unique; also the topic and the label of metrics.
	Name string
	// Checkpoint gives the place up to which facts are applied.
	Checkpoint func(ctx context.Context) (Checkpoint, error)
	// Handle applies facts: all that the log holds after the position after, up to
	// the last of them. Some may have been applied before.
	Handle func(ctx context.Context, after uint64, facts []Fact) error
}

// Checkpoint is a place in the log. Positions can be compared, but not subtracted:
// on a cluster they are places in a file.
type Checkpoint struct {
	Position uint64
	// Facts is how many the log holds up to there, meant only when Counted.
	Facts   uint64
	Counted bool
}

// batch is some facts of the log without a gap.
type batch struct {
	after uint64
	facts []Fact // at least one
	bytes int    // what they hold in memory, about
}

func (b batch) last() uint64 { return b.facts[len(b.facts)-1].Position }

func weigh(facts []Fact) int {
	const each = 1_024 // a Fact, its decoded body and small strings
	sum := len(facts) * each
	for i := range facts {
		sum += len(facts[i].Data)
	}
	return sum
}
