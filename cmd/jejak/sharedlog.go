package main

import (
	"context"
	"iter"
	"sync"

	"github.com/jejak-kinerja/jejak/projections/engine"
)

// sharedLog reads the log from its beginning once for several readers, which keep
// pace with each other to within two batches.
type sharedLog struct {
	read  engine.Read
	seats []*seat
}

// seat is one reader's place.
type seat struct {
	log   *sharedLog
	facts chan []engine.Fact
	left  chan struct{} // closed when the reader has had enough
	leave func()        // closes left; whoever holds a seat leaves it, also one that never read
	taken bool
	err   error // why the reading ended early; set before facts is closed
}

func newSharedLog(read engine.Read, readers int) *sharedLog {
	l := &sharedLog{read: read}
	for range readers {
		left := make(chan struct{})
		l.seats = append(l.seats, &seat{log: l, facts: make(chan []engine.Fact, 1), left: left, leave: sync.OnceFunc(func() { close(left) })})
	}
	return l
}

// run reads until the log or ctx ends, or everybody has left. When a reader fails,
// end ctx: the others would wait for nothing.
func (l *sharedLog) run(ctx context.Context) {
	var failed error
	defer func() {
		for _, s := range l.seats {
			s.err = failed
			close(s.facts)
		}
	}()
	for facts, err := range l.read(ctx, 0) {
		if err != nil {
			failed = err
			return
		}
		listening := 0
		for _, s := range l.seats {
			select {
			case s.facts <- facts:
				listening++
			case <-s.left:
			case <-ctx.Done():
				failed = ctx.Err()
				return
			}
		}
		if listening == 0 {
			return
		}
	}
}

// from is an engine.Read: the first from the beginning is the shared one, any
// other is the reader's own.
func (s *seat) from(ctx context.Context, after uint64) iter.Seq2[[]engine.Fact, error] {
	if after != 0 || s.taken {
		return s.log.read(ctx, after)
	}
	s.taken = true
	return func(yield func([]engine.Fact, error) bool) {
		defer s.leave()
		for facts := range s.facts {
			if !yield(facts, nil) {
				return
			}
		}
		if s.err != nil {
			yield(nil, s.err)
		}
	}
}
