package eventlog

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestMain(m *testing.M) {
	// The connection object that the library may lose in an outage (see gate). A
	// connection that we forgot to close has a reader as well, and is found.
	lost := goleak.IgnoreAnyFunction("google.golang.org/grpc/internal/grpcsync.(*CallbackSerializer).run")
	// The same object, while it still tries to connect; see above.
	trying := goleak.IgnoreTopFunction("google.golang.org/grpc.(*addrConn).resetTransportAndUnlock")
	// The node's regular expressions keep a clock for a while after their last use.
	ticking := goleak.IgnoreAnyFunction("github.com/dlclark/regexp2.runClock")
	goleak.VerifyTestMain(pgtest.Suite{M: m}, lost, trying, ticking)
}

// patience bounds every wait of a test.
const patience = 30 * time.Second

// server is a node on a socket that a test can stop and start.
type server struct {
	t      testing.TB
	url    string
	socket string
	node   *node.Node
	serve  sync.WaitGroup
}

func serve(t testing.TB) *server {
	t.Helper()
	dir, err := os.MkdirTemp("", "eventlog") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, url: pgtest.URL(t), socket: filepath.Join(dir, "node.sock")}
	s.start()
	t.Cleanup(func() {
		s.stop()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *server) start() {
	s.t.Helper()
	n, err := node.Open(context.Background(), node.Options{DatabaseURL: s.url, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		s.t.Fatal(err)
	}
	listener, err := net.Listen("unix", s.socket)
	if err != nil {
		s.t.Fatal(err)
	}
	s.node = n
	s.serve.Go(func() {
		if err := n.Serve(listener); err != nil {
			s.t.Error(err)
		}
	})
}

// stop lets running calls end for a second.
func (s *server) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s.close(ctx)
}

// kill cuts every running call off at once.
func (s *server) kill() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s.close(ctx)
}

func (s *server) close(ctx context.Context) {
	if s.node == nil {
		return
	}
	if err := s.node.Close(ctx); err != nil {
		s.t.Log("the node was cut off:", err) // as a crash would
	}
	s.serve.Wait()
	s.node = nil
}

// ledger is the catalog of all streams.
func ledger(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// connect opens a Log on a socket; it is closed before the node is.
func connect(t testing.TB, socket string, change ...func(*Options)) *Log {
	t.Helper()
	o := Options{Socket: socket, Catalog: ledger(t), Log: slog.New(slog.DiscardHandler), CallTimeout: 3 * time.Second}
	for _, c := range change {
		c(&o)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	l, err := Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func subscribe(t testing.TB, l *Log, after uint64) *Subscription {
	t.Helper()
	s, err := l.Subscribe(context.Background(), after)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// facts makes n events, the first of them numbered first.
func facts(first, n int) []commands.NewEvent {
	events := make([]commands.NewEvent, n)
	for i := range events {
		events[i] = commands.NewEvent{
			ID:   domain.EventID(uuid.NewString()),
			Body: person.PostAssigned{Post: fmt.Sprint("p", first+i), Title: "Staf <A> & B", Level: person.Executive, Unit: "setda", From: "2026-01-01"},
			Meta: fullMeta(),
		}
	}
	return events
}

func mustAppend(t testing.TB, l *Log, stream string, after int64, events []commands.NewEvent) commands.Place {
	t.Helper()
	place, err := l.Append(t.Context(), stream, after, events)
	if err != nil {
		t.Fatal(err)
	}
	return place
}

// collect takes entries until there are n, or patience ends.
func collect(t testing.TB, s *Subscription, n int) (entries []Entry, last Batch) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for len(entries) < n {
		b, err := s.Next(ctx)
		if err != nil {
			t.Fatalf("after %d of %d events: %v", len(entries), n, err)
		}
		if len(b.Entries) > MaxBatch {
			t.Fatalf("a batch of %d", len(b.Entries))
		}
		entries, last = append(entries, b.Entries...), b
	}
	return entries, last
}
