package feed_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
)

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

func TestAnEventThatCannotBeReadIsHandedOnAsItsBytes(t *testing.T) {
	log := newMemory()
	log.add(2)
	log.entries[0].Err, log.entries[0].Data = fmt.Errorf("no such type"), []byte("{broken")
	events, _, _ := batch(t, open(t, log, inspector, time.Hour), "/")
	if len(events) != 2 || events[0].Validate() != nil || string(events[0].Data()) != "{broken" || events[0].DataContentType() != "application/octet-stream" {
		t.Errorf("%v", events)
	}
}

func TestAReaderGoesOnAfterItsLastEventByItsID(t *testing.T) {
	log := newMemory()
	log.add(9)
	server := open(t, log, inspector, time.Hour)
	events, _, status := batch(t, server, "/?after_event=00000000-0000-4000-8000-000000000006")
	if status != http.StatusOK || len(events) != 3 || events[0].Extensions()["position"] != "7" {
		t.Errorf("%d %v", status, events)
	}
	if events, _, _ := batch(t, server, "/?after=8&after_event=00000000-0000-4000-8000-000000000006"); len(events) != 1 {
		t.Errorf("a position counts first: %v", events)
	}
	for query, want := range map[string]int{"00000000-0000-4000-8000-000000000010": http.StatusNotFound, "six": http.StatusBadRequest} {
		if _, _, status := batch(t, server, "/?after_event="+query); status != want {
			t.Errorf("%s: %d, want %d", query, status, want)
		}
	}
}
