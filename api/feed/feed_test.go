package feed_test

import (
	"context"
	"encoding/json"
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
	r.until("closing") // it is told to come back
	if b, ok := r.next(); ok {
		t.Errorf("%+v after the end", b)
	}
	r.close()
	http.DefaultClient.CloseIdleConnections()
}
