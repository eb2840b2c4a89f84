package eventlog

import (
	"context"
	"errors"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// A store is exchanged under a subscription that lives: it must not go on in a log
// that is not the one it has followed, though that one has something at its place.
func TestASubscriptionDoesNotGoOnInAnotherLog(t *testing.T) {
	for what, delivered := range map[string]bool{"after events that it gave": true, "from where it began": false} {
		t.Run(what, func(t *testing.T) {
			s := serve(t)
			l := connect(t, s.socket)
			place := mustAppend(t, l, "person-a", -1, facts(0, 5))
			after := place.Position
			if delivered {
				after = 0
			}
			sub := subscribe(t, l, after)
			if delivered {
				collect(t, sub, 5)
			} else {
				waitCaughtUp(t, sub)
			}
			s.stop()
			s.url = pgtest.URL(t)
			s.start()
			other := connect(t, s.socket)
			mustAppend(t, other, "person-b", -1, facts(0, 20))
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			for {
				b, err := sub.Next(ctx)
				if errors.Is(err, ErrNotAPlace) {
					return
				}
				if err != nil || len(b.Entries) > 0 {
					t.Fatalf("it went on with %d events, %v", len(b.Entries), err)
				}
			}
		})
	}
}

func waitCaughtUp(t *testing.T, s *Subscription) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		b, err := s.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if b.CaughtUp {
			return
		}
	}
}
