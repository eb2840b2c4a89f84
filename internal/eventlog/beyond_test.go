package eventlog

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// noise appends events of the store's own.
func noise(t *testing.T, l *Log, n int) {
	t.Helper()
	_, err := call(t.Context(), l, func(ctx context.Context, client *esdb.Client) (none struct{}, err error) {
		for i := range n {
			if _, err = client.SetStreamMetadata(ctx, fmt.Sprintf("noise-%d", i), esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, esdb.StreamMetadata{}); err != nil {
				return none, err
			}
		}
		return none, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestALookBeyondAPlaceFindsTheOldestFactAndCounts(t *testing.T) {
	l := connect(t, serve(t).socket)
	look := func(position uint64, want Beyond) {
		t.Helper()
		b, err := l.LookBeyond(t.Context(), position)
		if err == nil && b.First > 0 != !b.StoredAt.IsZero() {
			t.Errorf("beyond %d: the first at %d was stored at %v", position, b.First, b.StoredAt)
		}
		if b.StoredAt = (time.Time{}); err != nil || b != want {
			t.Errorf("beyond %d: %+v, %v; want %+v", position, b, err, want)
		}
	}
	look(0, Beyond{})
	look(7, Beyond{Missing: true})
	noise(t, l, 3)
	look(0, Beyond{})
	first := mustAppend(t, l, "test-1", -1, facts(0, 2)).Position // the later of two
	look(0, Beyond{First: first - 1, Facts: 2})
	look(first-1, Beyond{First: first, Facts: 1})
	look(first, Beyond{})
	noise(t, l, 5)
	look(first, Beyond{})
	look(first+100, Beyond{Missing: true})
	last := mustAppend(t, l, "test-1", 1, facts(2, 900)).Position
	look(first, Beyond{First: last - 899, Facts: 900})
	mustAppend(t, l, "test-1", 901, facts(902, 500))
	b, err := l.LookBeyond(t.Context(), first)
	if err != nil || !b.More || b.Facts < 900 || b.First != last-899 {
		t.Errorf("beyond %d: %+v, %v", first, b, err)
	}
}

func TestNobodyWaitsForAStoreThatStandsStill(t *testing.T) {
	s := serve(t)
	l := connect(t, s.socket)
	s.stop()
	dead, err := net.Listen("unix", s.socket) // it takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer dead.Close()
	limited, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := l.LookBeyond(limited, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it ended with %v", err)
	}
}

func TestTheEndOfTheLogIsNearInTimeNotInPositions(t *testing.T) {
	l := connect(t, serve(t).socket)
	near := func(position uint64, want bool) {
		t.Helper()
		if got, err := l.NearEnd(t.Context(), position); err != nil || got != want {
			t.Errorf("%d is near the end: %t, %v", position, got, err)
		}
	}
	near(0, true)
	early := mustAppend(t, l, "test-1", -1, facts(0, 1)).Position
	near(0, true)
	time.Sleep(nearTime + 100*time.Millisecond) // the store's clock cannot be moved
	late := mustAppend(t, l, "test-1", 0, facts(1, 3)).Position
	near(0, false)
	near(early, true)
	near(late, true)
}
