package availability

import (
	"context"
	"fmt"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// Guard gives a store for commands that refuses at once, before anything is
// loaded, while the event store is known not to be ready, and that tells the watch
// of calls that failed.
func (w *Watch) Guard(store commands.Store) commands.Store { return guarded{w, store} }

type guarded struct {
	watch *Watch
	store commands.Store
}

// Load refuses at once, or asks the store.
func (g guarded) Load(ctx context.Context, stream string) ([]domain.Recorded, error) {
	return Ask(g.watch, func() ([]domain.Recorded, error) { return g.store.Load(ctx, stream) })
}

// Append refuses at once, or asks the store.
func (g guarded) Append(ctx context.Context, stream string, after int64, events []commands.NewEvent) (commands.Place, error) {
	return Ask(g.watch, func() (commands.Place, error) { return g.store.Append(ctx, stream, after, events) })
}

// Ask calls the event store unless it is known not to be ready, and tells the watch
// how that ended.
func Ask[T any](w *Watch, call func() (T, error)) (T, error) {
	if err := w.Err(); err != nil {
		var none T
		return none, err
	}
	value, err := call()
	w.Heard(err)
	return value, err
}

// Read is Ask for what must be read from the log itself, for somebody who stores
// nothing.
func Read[T any](w *Watch, call func() (T, error)) (T, error) {
	value, err := Ask(w, call)
	if domain.KindOf(err) == domain.Unavailable && w.State().Condition != Refused {
		err = fmt.Errorf("%w: %w", errUnread, err)
	}
	return value, err
}
