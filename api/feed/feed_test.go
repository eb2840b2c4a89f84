package feed_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"

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
	handler := feed.Handler(feed.Deps{Source: log, Tail: tail, BaseURL: "https://jejak.example", Names: []string{"progress.reported.v1", "plan.opened.v1"},
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

func TestAReaderGetsEverythingOnceThoughTheLineBreaksAgainAndAgain(t *testing.T) {
	log := newMemory()
	log.add(500)
	server := open(t, log, inspector, time.Hour)
	rng := rand.New(rand.NewPCG(1, 2))
	last, seen := "", 0
	for seen < 1500 {
		r := connect(t, server.URL, last)
		for range 1 + rng.IntN(120) {
			if rng.IntN(10) == 0 && seen+100 < 1500 {
				log.add(1 + rng.IntN(20))
			}
			b, ok := r.next()
			if !ok {
				break // cut: it comes back where it was
			}
			if !strings.HasPrefix(b.event, feed.TypePrefix) {
				if b.event == "caught-up" && b.id == strconv.Itoa(seen) {
					log.add(50)
				}
				continue
			}
			seen++
			if last = b.id; last != strconv.Itoa(seen) {
				t.Fatalf("event %d has id %s", seen, last)
			}
		}
		r.close()
	}
}

func TestTheEndOfTheLogIsSaidAndWhatFollowsIsLive(t *testing.T) {
	log := newMemory()
	log.add(250)
	r := connect(t, open(t, log, inspector, time.Hour).URL+"?after=240", "")
	inOrder(t, r.events(10), 241)
	if b := r.until("caught-up"); b.id != "250" || b.data != `{"position":"250"}` {
		t.Errorf("%+v", b)
	}
	for n := range 30 {
		log.add(1)
		inOrder(t, r.events(1), 251+n)
	}
	for header, want := range map[string]string{"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Accel-Buffering": "no"} {
		if got := r.res.Header.Get(header); got != want {
			t.Errorf("%s is %q", header, got)
		}
	}
}

func TestAReaderThatFallsBehindIsCutAndResumes(t *testing.T) {
	log := newMemory()
	log.add(1)
	server := open(t, log, inspector, time.Hour)
	r := connect(t, server.URL, "")
	r.until("caught-up")
	log.add(5 * feed.RingEvents) // a burst that no ring holds
	last := 1
	for {
		b, ok := r.next()
		if !ok {
			break
		}
		if last++; b.id != strconv.Itoa(last) {
			t.Fatalf("id %s, want %d", b.id, last)
		}
	}
	resumed := connect(t, server.URL, strconv.Itoa(last))
	inOrder(t, resumed.events(5*feed.RingEvents+1-last), last+1)
}

func TestSilenceIsBroken(t *testing.T) {
	log := newMemory()
	log.add(1)
	r := connect(t, open(t, log, inspector, 5*time.Millisecond).URL, "")
	r.until("caught-up")
	if b, ok := r.next(); !ok || !b.comment {
		t.Errorf("%+v", b)
	}
}

func TestAFilterMovesTheReadersPositionOn(t *testing.T) {
	log := newMemory()
	log.add(9)
	r := connect(t, open(t, log, inspector, 5*time.Millisecond).URL+"?unit=bidang&category=progress&type=progress.reported.v1", "")
	if ids := r.events(3); ids[0] != "3" || ids[2] != "9" {
		t.Errorf("ids %v", ids)
	}
	r.until("caught-up")
	log.add(1)
	for {
		b, ok := r.next()
		if !ok {
			t.Fatal("the connection ended")
		}
		if b.id == "10" {
			if b.data != "" || b.event != "" {
				t.Errorf("%+v", b)
			}
			return
		}
	}
}

func TestEveryEventIsACloudEvent(t *testing.T) {
	log := newMemory()
	log.add(1)
	r := connect(t, open(t, log, inspector, time.Hour).URL, "")
	b := r.until("id.jejak.progress.reported.v1")
	e := cloudevents.NewEvent()
	if err := json.Unmarshal([]byte(b.data), &e); err != nil {
		t.Fatal(err)
	}
	if err := e.Validate(); err != nil {
		t.Fatal(err)
	}
	if e.SpecVersion() != "1.0" || e.Source() != "https://jejak.example" || e.Subject() != "progress-1" || e.Type() != "id.jejak.progress.reported.v1" ||
		e.DataSchema() != "https://jejak.example/schemas/progress.reported.v1.json" || e.DataContentType() != "application/json" ||
		!e.Time().Equal(morning.Add(time.Microsecond)) || string(e.Data()) != `{"report":"r1","unit":"dinas"}` {
		t.Errorf("%+v", e)
	}
	want := map[string]any{"sequence": "00000000000000000000", "position": "1", "actor": "3f0a", "capacity": "definitif", "correlation": "c1"}
	for name, value := range want {
		if got := e.Extensions()[name]; got != value {
			t.Errorf("%s is %v, want %v", name, got, value)
		}
	}
}

// batch asks for a batch and gives its events and where the next one is.
func batch(t *testing.T, server *httptest.Server, path string) ([]cloudevents.Event, string, int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/cloudevents-batch+json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var events []cloudevents.Event
	if res.StatusCode == http.StatusOK {
		if err := json.Unmarshal(body, &events); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
	}
	next, _, _ := strings.Cut(strings.TrimPrefix(res.Header.Get("Link"), "<"), ">")
	return events, next, res.StatusCode
}

func TestBatchesLeadThroughTheWholeLog(t *testing.T) {
	log := newMemory()
	log.add(500)
	server := open(t, log, inspector, time.Hour)
	next, seen := "/?limit=70", 0
	for seen < 500 {
		events, after, _ := batch(t, server, next)
		if len(events) == 0 {
			t.Fatalf("nothing after %d", seen)
		}
		for _, e := range events {
			if seen++; e.Extensions()["position"] != fmt.Sprint(seen) || e.Validate() != nil {
				t.Fatalf("event %d is at %v", seen, e.Extensions()["position"])
			}
		}
		next = after
	}
}

func TestALongPollHearsTheNextEvent(t *testing.T) {
	log := newMemory()
	log.add(3)
	server := open(t, log, inspector, time.Hour)
	type answer struct {
		events []cloudevents.Event
		next   string
	}
	heard := make(chan answer)
	go func() {
		events, next, _ := batch(t, server, "/?after=3&wait=20")
		heard <- answer{events, next}
	}()
	log.add(1)
	got := <-heard
	if len(got.events) != 1 || !strings.Contains(got.next, "after=4") {
		t.Errorf("%+v", got)
	}
}

func TestABatchOfNothingIsAnEmptyList(t *testing.T) {
	log := newMemory()
	log.add(3)
	events, next, status := batch(t, open(t, log, inspector, time.Hour), "/?after=3&wait=0")
	if events == nil || len(events) != 0 || status != http.StatusOK || !strings.Contains(next, "after=3") {
		t.Errorf("%v %s %d", events, next, status)
	}
}

func TestTheFeedIsForThoseWhoMayReadIt(t *testing.T) {
	for name, c := range map[string]struct {
		as   caller.Caller
		want int
	}{
		"nobody":                        {caller.Caller{}, 401},
		"an employee":                   {caller.Caller{Person: "p"}, 403},
		"the personnel agency":          {caller.Caller{Person: "p", Roles: []person.Role{person.PersonnelAgency}}, 403},
		"an inspector":                  {inspector, 200},
		"an administrator":              {caller.Caller{Person: "p", Roles: []person.Role{person.SystemAdministrator}}, 200},
		"a token for the feed":          {caller.Caller{Person: "p", Scopes: []caller.Scope{caller.Feed}}, 200},
		"an inspector's token to read":  {caller.Caller{Person: "i1", Roles: inspector.Roles, Scopes: []caller.Scope{caller.Read}}, 403},
		"a token to read of an unknown": {caller.Caller{Scopes: []caller.Scope{caller.Feed}}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, got := batch(t, open(t, newMemory(), c.as, time.Hour), "/"); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}

func TestWhatTheFeedDoesNotUnderstandItRefuses(t *testing.T) {
	server := open(t, newMemory(), inspector, time.Hour)
	for _, query := range []string{"?after=x", "?after=-1", "?type=plan.unknown.v1", "?limit=0", "?limit=201", "?wait=31", "?wait=x"} {
		if _, _, got := batch(t, server, "/"+query); got != http.StatusBadRequest {
			t.Errorf("%s: %d", query, got)
		}
	}
}

func TestAnEventThatCannotBeReadIsHandedOnAsItsBytes(t *testing.T) {
	log := newMemory()
	log.add(2)
	log.entries[0].Err, log.entries[0].Data = fmt.Errorf("no such type"), []byte("{broken")
	events, _, _ := batch(t, open(t, log, inspector, time.Hour), "/")
	if len(events) != 2 || events[0].Validate() != nil || string(events[0].Data()) != "{broken" || events[0].DataContentType() != "application/octet-stream" {
		t.Errorf("%v", events)
	}
}

func TestStoppingEndsEveryReader(t *testing.T) {
	log := newMemory()
	log.add(1)
	quiet := slog.New(slog.DiscardHandler)
	tail := feed.NewTail(log, quiet)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); tail.Run(ctx) }()
	handler := feed.Handler(feed.Deps{Source: log, Tail: tail, Clock: clock.Now, Log: quiet})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(caller.With(r.Context(), inspector)))
	}))
	t.Cleanup(server.Close)
	r := connect(t, server.URL, "")
	r.until("caught-up")
	stop()
	<-done
	if b, ok := r.next(); ok {
		t.Errorf("%+v after the end", b)
	}
	r.close()
	http.DefaultClient.CloseIdleConnections()
}
