package gates

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/internal/bench"
	"github.com/jejak-kinerja/jejak/internal/node"
)

// socketPath is a short one, for sockets have a limit.
func socketPath(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "jg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return filepath.Join(dir, "node")
}

// listen opens the kind of door that `jejak serve` uses: a socket file.
func listen(t testing.TB) (net.Listener, string) {
	t.Helper()
	path := socketPath(t)
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	return l, path
}

// startNode runs the product's node on a database and gives its socket.
func startNode(t testing.TB, database string) (socket string) {
	t.Helper()
	n, err := node.Open(t.Context(), node.Options{DatabaseURL: database, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	l, socket := listen(t)
	served := make(chan error, 1)
	go func() { served <- n.Serve(l) }()
	t.Cleanup(func() {
		if err := n.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return socket
}

// connect opens the official client.
func connect(t testing.TB, socket string) *esdb.Client {
	t.Helper()
	config, err := esdb.ParseConnectionString("esdb://localhost?tls=false")
	if err != nil {
		t.Fatal(err)
	}
	config.Address, config.Logger = "unix://"+socket, func(esdb.LogLevel, string, ...any) {}
	client, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() }) // it is nobody's any more
	return client
}

// appending is the variant that appends through the client, so many events a call.
func appending(name string, client *esdb.Client, callers, each int) bench.Variant {
	return appendingAs(name, client, writers("s", callers), each)
}

func appendingAs(name string, client *esdb.Client, all []*writer, each int) bench.Variant {
	return bench.Calls(name, len(all), func(ctx context.Context, caller int) (int, error) {
		return each, appendTo(ctx, client, all[caller].some(each))
	})
}

// appendingToKnown is appending when the store has met every stream before, as a
// ledger's has: on a new stream, the node asks the database what it knows of it.
func appendingToKnown(t testing.TB, name string, client *esdb.Client, callers, each int) bench.Variant {
	t.Helper()
	all := writers("s", callers)
	var opening errgroup.Group
	opening.SetLimit(openers)
	for _, w := range all {
		for range w.names { // one first event each; the order among streams is free
			some := w.some(1)
			opening.Go(func() error { return appendTo(t.Context(), client, some) })
		}
	}
	if err := opening.Wait(); err != nil {
		t.Fatal(err)
	}
	return appendingAs(name, client, all, each)
}

// openers append the first events of streams at once; the node groups them.
const openers = 128

// appendTo stores happenings of one stream where they belong, as the product
// does: with the revision it expects.
func appendTo(ctx context.Context, client *esdb.Client, some []happening) error {
	var want esdb.ExpectedRevision = esdb.NoStream{}
	if first := some[0].revision; first > 0 {
		want = esdb.Revision(uint64(first - 1))
	}
	events := make([]esdb.EventData, len(some))
	for i, h := range some {
		events[i] = esdb.EventData{EventID: h.id, EventType: h.typ, ContentType: esdb.ContentTypeJson, Data: h.data, Metadata: h.meta}
	}
	_, err := client.AppendToStream(ctx, some[0].stream, esdb.AppendToStreamOptions{ExpectedRevision: want}, events...)
	return err
}
