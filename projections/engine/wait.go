package engine

import (
	"context"
	"fmt"
	"sync"
)

// progress tells waiters how far a projection is: each move closes a channel, so
// nobody polls and nobody is called.
type progress struct {
	mu       sync.Mutex
	position uint64
	moved    chan struct{}
}

func newProgress() *progress { return &progress{moved: make(chan struct{})} }

// now gives the position and a channel that is closed when it has changed.
func (p *progress) now() (uint64, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.position, p.moved
}

func (p *progress) set(position uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.position == position {
		return
	}
	p.position = position
	close(p.moved)
	p.moved = make(chan struct{})
}

// WaitFor waits until the rows of the projection include the fact at position
// (or the fact is parked). When ctx ends first, the error wraps ctx.Err().
//
// It hears of what this engine writes; of what another process writes, only when
// this engine meets it.
func (e *Engine) WaitFor(ctx context.Context, name string, position uint64) error {
	t, err := e.track(name)
	if err != nil {
		return err
	}
	for {
		at, moved := t.progress.now()
		if at >= position {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return fmt.Errorf("wait for %s at %d (it is at %d): %w", name, position, at, ctx.Err())
		}
	}
}

// WaitAll waits for every projection.
func (e *Engine) WaitAll(ctx context.Context, position uint64) error {
	for _, name := range e.names {
		if err := e.WaitFor(ctx, name, position); err != nil {
			return err
		}
	}
	return nil
}
