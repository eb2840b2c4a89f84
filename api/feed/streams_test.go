package feed_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/feed"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// counts are what a feed says of its readers.
type counts struct{ opened, closed, cut atomic.Int64 }

func (c *counts) Opened() { c.opened.Add(1) }
func (c *counts) Closed() { c.closed.Add(1) }
func (c *counts) Cut()    { c.cut.Add(1) }

func TestReadersWhoStayAreCountedAndSoAreThoseWhoFallBehind(t *testing.T) {
	log, quiet, readers := newMemory(), slog.New(slog.DiscardHandler), &counts{}
	log.add(1)
	tail := feed.NewTail(log, quiet)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); tail.Run(ctx) }()
	handler := feed.Handler(feed.Deps{Source: log, Tail: tail, Clock: clock.Now, Log: quiet, Streams: readers})
	served := make(chan struct{}, 2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(caller.With(r.Context(), inspector)))
		served <- struct{}{}
	}))
	defer server.Close()
	leaves := connect(t, server.URL, "")
	leaves.until("caught-up")
	leaves.close()
	<-served
	if o, c, cut := readers.opened.Load(), readers.closed.Load(), readers.cut.Load(); o != 1 || c != 1 || cut != 0 {
		t.Errorf("one came and left: opened %d, closed %d, cut %d", o, c, cut)
	}
	slow := connect(t, server.URL, "")
	slow.until("caught-up")
	log.add(feed.RingEvents + 1) // more at once than the ring holds
	<-served
	if o, c, cut := readers.opened.Load(), readers.closed.Load(), readers.cut.Load(); o != 2 || c != 2 || cut != 1 {
		t.Errorf("another fell behind: opened %d, closed %d, cut %d", o, c, cut)
	}
	slow.close()
	stop()
	<-done
	http.DefaultClient.CloseIdleConnections()
}
