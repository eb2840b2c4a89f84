package node

import (
	"context"
	"sync"
)

// admission bounds, in bytes, what waits for the sequencer or is being written.
type admission struct {
	limit int64

	mu    sync.Mutex
	held  int64
	freed chan struct{} // closed, and replaced, when something is given back
}

func newAdmission(limitBytes int64) *admission {
	return &admission{limit: limitBytes, freed: make(chan struct{})}
}

// try admits the weight if there is room, or if nothing else is held: what is
// larger than the limit goes through alone. When there is no room the channel is
// closed at the next release.
func (a *admission) try(weight int64) (ok bool, freed <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.held > 0 && a.held+weight > a.limit {
		return false, a.freed
	}
	a.held += weight
	return true, nil
}

// wait admits the weight when there is room.
func (a *admission) wait(ctx context.Context, weight int64) error {
	for {
		ok, freed := a.try(weight)
		if ok {
			return nil
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (a *admission) release(weight int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.held -= weight
	close(a.freed)
	a.freed = make(chan struct{})
}
