package feed_test

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/feed"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// patience bounds every wait of these tests.
const patience = 20 * time.Second

var inspector = caller.Caller{Person: "i1", Roles: []person.Role{person.Inspectorate}}

// open serves the feed of a log to somebody.
func open(t *testing.T, log *memory, as caller.Caller, beat time.Duration) *httptest.Server {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	tail := feed.NewTail(log, quiet)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); tail.Run(ctx) }()
	handler := feed.Handler(feed.Deps{Source: log, Find: log.Find, Tail: tail, BaseURL: "https://jejak.example", Names: []string{"progress.reported.v1", "plan.opened.v1"},
		Clock: clock.Now, Log: quiet, Heartbeat: beat})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(caller.With(r.Context(), as)))
	}))
	t.Cleanup(func() {
		stop()
		<-done
		server.CloseClientConnections()
		server.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return server
}

// block is one block of Server-Sent Events.
type block struct {
	id, event, data string
	comment         bool
}

// reader reads one connection's blocks.
type reader struct {
	t    *testing.T
	res  *http.Response
	in   *bufio.Reader
	stop context.CancelFunc
}

func connect(t *testing.T, url, lastID string) *reader {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{t, res, bufio.NewReader(res.Body), stop}
	t.Cleanup(r.close)
	return r
}

func (r *reader) close() {
	r.stop()
	_ = r.res.Body.Close()
}

// next gives the next block; false at the end of the connection.
func (r *reader) next() (block, bool) {
	var b block
	for {
		line, err := r.in.ReadString('\n')
		if err != nil {
			return b, false
		}
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			return b, true
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "id":
			b.id = value
		case "event":
			b.event = value
		case "data":
			b.data = value
		case "":
			b.comment = true
		}
	}
}

// events gives the positions of the next n events.
func (r *reader) events(n int) []string {
	r.t.Helper()
	var ids []string
	for len(ids) < n {
		b, ok := r.next()
		if !ok {
			r.t.Fatalf("the connection ended after %d of %d events", len(ids), n)
		}
		if strings.HasPrefix(b.event, feed.TypePrefix) {
			ids = append(ids, b.id)
		}
	}
	return ids
}

// until gives the next block of an event name.
func (r *reader) until(event string) block {
	r.t.Helper()
	for {
		b, ok := r.next()
		if !ok {
			r.t.Fatalf("the connection ended before %s", event)
		}
		if b.event == event {
			return b
		}
	}
}

func inOrder(t *testing.T, ids []string, from int) {
	t.Helper()
	for n, id := range ids {
		if id != strconv.Itoa(from+n) {
			t.Fatalf("event %d has id %s, want %d", n, id, from+n)
		}
	}
}
