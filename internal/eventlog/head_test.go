package eventlog

import (
	"context"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// Behind many events of the store's own the end of the ledger took longer to find
// than one question may take: the store was away for ever.
func TestTheEndOfTheLedgerIsFoundBehindManyEventsOfTheStore(t *testing.T) {
	s := serve(t)
	l, client := connect(t, s.socket), outsider(t, s.socket)
	end := mustAppend(t, l, "person-a", -1, facts(0, 1)).Position
	for range 12 {
		put(t, client, "$noise", ofTheStore(1_000)...)
	}
	for began := time.Now(); ; { // each try has less time than all of it takes
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Millisecond)
		head, err := l.Head(ctx)
		cancel()
		if err == nil {
			if head != end {
				t.Fatalf("the end is at %d, want %d", head, end)
			}
			break
		}
		if time.Since(began) > patience {
			t.Fatal("nothing is kept of what was read")
		}
	}
	if found, err := l.LookBeyond(t.Context(), end); err != nil || found.Facts != 0 || found.Missing || found.More {
		t.Errorf("%+v, %v", found, err)
	}
	put(t, client, "$noise", ofTheStore(1)...)
	if head, err := l.Head(t.Context()); err != nil || head != end {
		t.Errorf("%d, %v", head, err)
	}
	end = mustAppend(t, l, "person-a", 0, facts(1, 1)).Position
	if head, err := l.Head(t.Context()); err != nil || head != end {
		t.Errorf("%d, %v", head, err)
	}

	s.stop() // another store: nothing that was seen counts
	s.url = pgtest.URL(t)
	s.start()
	put(t, outsider(t, s.socket), "$noise", ofTheStore(500)...)
	if head, err := l.Head(t.Context()); err != nil || head != 0 {
		t.Errorf("an empty ledger ends at %d, %v", head, err)
	}
}

func ofTheStore(n int) []esdb.EventData {
	events := make([]esdb.EventData, n)
	for i := range events {
		events[i] = esdb.EventData{EventType: "noise", ContentType: esdb.ContentTypeJson, Data: []byte(`{}`)}
	}
	return events
}
