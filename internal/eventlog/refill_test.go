package eventlog

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// wholeLog reads every event of a log.
func wholeLog(t *testing.T, l *Log) (all []Raw) {
	t.Helper()
	for at := (Raw{}); ; at = all[len(all)-1] {
		page, err := l.ReadRaw(t.Context(), at.Position, at.Prepare)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

func sequence(events []Raw) iter.Seq2[Raw, error] {
	return func(yield func(Raw, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// refilled opens a node for a refill on a socket.
func refilled(t *testing.T, url string) (socket string, stop func()) {
	t.Helper()
	n, err := node.Open(t.Context(), node.Options{DatabaseURL: url, Refill: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	socket = socketPath(t)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	served.Go(func() {
		if err := n.Serve(listener); err != nil {
			t.Error(err)
		}
	})
	stop = sync.OnceFunc(func() {
		if err := n.Close(context.Background()); err != nil {
			t.Error(err)
		}
		served.Wait()
	})
	t.Cleanup(stop)
	return socket, stop
}

// socketPath is short: t.TempDir is too long for a socket.
func socketPath(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "refill")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return filepath.Join(dir, "n.sock")
}

// variedLog holds what a node can hold: streams side by side, binary bodies, empty
// ones, metadata of streams, a stream that was deleted and came back, a tombstone.
func variedLog(t *testing.T) []Raw {
	t.Helper()
	s := serve(t)
	l := connect(t, s.socket)
	err := l.use(t.Context(), func(ctx context.Context, c *esdb.Client) error {
		append := func(stream string, n int, contentType esdb.ContentType, data, meta []byte) error {
			for range n {
				if _, err := c.AppendToStream(ctx, stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}},
					esdb.EventData{EventID: uuid.New(), EventType: "tried", ContentType: contentType, Data: data, Metadata: meta}); err != nil {
					return err
				}
			}
			return nil
		}
		for n := range 300 {
			if err := append(fmt.Sprintf("side-%d", n%7), 1, esdb.ContentTypeJson, fmt.Appendf(nil, `{"n":%d}`, n), []byte(`{"m":1}`)); err != nil {
				return err
			}
		}
		gone := errors.Join(append("binary", 5, esdb.ContentTypeBinary, []byte{0, 255, 10}, nil), append("back", 3, esdb.ContentTypeJson, []byte(`{}`), nil))
		if _, err := c.DeleteStream(ctx, "back", esdb.DeleteStreamOptions{}); err != nil {
			return err
		}
		gone = errors.Join(gone, append("back", 2, esdb.ContentTypeJson, []byte(`{}`), nil), append("dead", 3, esdb.ContentTypeJson, []byte(`{}`), nil))
		if _, err := c.TombstoneStream(ctx, "dead", esdb.TombstoneStreamOptions{}); err != nil {
			return err
		}
		// A client's own event of a tombstone's type ends nothing.
		odd := esdb.EventData{EventID: uuid.New(), EventType: "$streamDeleted", ContentType: esdb.ContentTypeJson, Data: []byte(`{}`)}
		if _, err := c.AppendToStream(ctx, "odd", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, odd); err != nil {
			return err
		}
		gone = errors.Join(gone, append("odd", 2, esdb.ContentTypeJson, []byte(`{}`), nil))
		return errors.Join(gone, append("after", 2, esdb.ContentTypeJson, []byte(`{}`), nil))
	})
	if err != nil {
		t.Fatal(err)
	}
	return wholeLog(t, l)
}

// use lends the library's client to a test.
func (l *Log) use(ctx context.Context, work func(context.Context, *esdb.Client) error) error {
	link, err := l.gate.acquire(ctx)
	if err != nil {
		return err
	}
	defer l.gate.release(link)
	return work(ctx, link.client)
}

func TestARefilledLogIsTheSameInEveryField(t *testing.T) {
	events := variedLog(t)
	url := pgtest.URL(t)
	half := len(events) / 2
	for _, part := range [][]Raw{events[:half], events[half:]} { // broken off and gone on with
		socket, stop := refilled(t, url)
		stored := 0
		if err := Refill(t.Context(), socket, sequence(part), func(n int) { stored = n }); err != nil {
			t.Fatal(err)
		}
		if stored != len(part) {
			t.Errorf("%d of %d events were reported as stored", stored, len(part))
		}
		stop()
	}
	again := &server{t: t, url: url, socket: socketPath(t)}
	again.start()
	t.Cleanup(again.stop)
	got := wholeLog(t, connect(t, again.socket))
	if len(got) != len(events) {
		t.Fatalf("%d events, not %d", len(got), len(events))
	}
	for n := range got {
		if !reflect.DeepEqual(got[n], events[n]) {
			t.Fatalf("event %d is\n%+v, not\n%+v", n, got[n], events[n])
		}
	}
}

func TestARefillOutOfPlaceIsRefusedAndLeavesNoGap(t *testing.T) {
	events := variedLog(t)
	url := pgtest.URL(t)
	socket, _ := refilled(t, url)
	if err := Refill(t.Context(), socket, sequence(slices.Concat(events[:100], events[101:])), func(int) {}); err == nil {
		t.Fatal("a log without its event 100 was taken")
	}
	l := connect(t, socket)
	if got := wholeLog(t, l); len(got) != 100 || got[99].ID != events[99].ID {
		t.Errorf("%d events are stored, not 100", len(got))
	}
	if err := Refill(t.Context(), socket, sequence(events[100:]), func(int) {}); err != nil {
		t.Errorf("gone on with: %v", err)
	}
}
