package eventlog

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// A store was exchanged in less time than anybody needs to notice that it was away,
// and took what was meant for the other.
func TestNothingIsAppendedByANewConnectionBeforeTheStoreIsConfirmed(t *testing.T) {
	s := serve(t)
	another := errors.New("another store")
	var asked atomic.Int32
	var first string // id of the first event
	var l *Log
	l = connect(t, s.socket, func(o *Options) {
		o.Confirm = func(ctx context.Context) error {
			asked.Add(1)
			entries, err := l.ReadAll(ctx, 0, 1, false)
			if err == nil && first != "" && (len(entries) == 0 || string(entries[0].ID) != first) {
				err = another
			}
			return err
		}
	})
	subscribe(t, l, 0) // it hears of a broken connection at once, as in the product
	batch := facts(0, 1)
	mustAppend(t, l, "person-0", -1, batch)
	first = string(batch[0].ID)
	for n := range 20 {
		mustAppend(t, l, "person-0", int64(n), facts(n+1, 1))
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the store was asked %d times by one connection", n)
	}

	s.stop()
	was := s.url
	s.url = pgtest.URL(t)
	s.start()
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			if _, err := l.Append(t.Context(), "person-1", -1, facts(0, 1)); !errors.Is(err, another) {
				t.Errorf("an append to another store: %v", err)
			}
		})
	}
	writers.Wait()
	if entries, err := l.ReadAll(t.Context(), 0, 1, false); err != nil || len(entries) != 0 {
		t.Errorf("the other store has %v, %v", entries, err)
	}

	s.stop()
	s.url = was
	s.start()
	mustAppend(t, l, "person-0", 20, facts(21, 1))
}
