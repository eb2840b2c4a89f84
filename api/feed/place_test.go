package feed_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/feed"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// putBack is the ledger "b", the same as "a" up to position 3; it ends at 10.
type putBack struct{ wrong, away error }

func (putBack) ID() string { return "b" }

func (putBack) First() bool { return false }

func (p putBack) Holds(_ context.Context, from string, position uint64) (bool, error) {
	return position <= 10 && (from == "b" || position <= 3), p.away
}

func (p putBack) Err() error { return p.wrong }

// ask makes one request of a feed of that ledger, and reads the whole answer.
func (p putBack) ask(t *testing.T, query, accept, lastID string) (*http.Response, string) {
	t.Helper()
	log := newMemory()
	log.add(10)
	quiet := slog.New(slog.DiscardHandler)
	handler := feed.Handler(feed.Deps{Source: log, Find: log.Find, Tail: feed.NewTail(log, quiet), Clock: clock.Now, Log: quiet, Ledger: p})
	ctx, cancel := context.WithTimeout(caller.With(t.Context(), inspector), time.Second)
	defer cancel() // a stream that has nothing to say stays open
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/events?"+query, nil)
	req.Header.Set("Accept", accept)
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(caller.With(r.Context(), inspector)))
	}))
	defer server.Close()
	defer server.CloseClientConnections()
	req.RequestURI, req.URL.Scheme, req.URL.Host = "", "http", strings.TrimPrefix(server.URL, "http://")
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestAPositionOfAnotherLogIsAConflictThatNamesThisOne(t *testing.T) {
	for query, want := range map[string]int{
		"after=11": 409, "after=11&log=b": 409, "after=4&log=a": 409, "after=4": 409, "after=4&log=b": 200, "after=4@b": 200, "after=4@a": 409, "after=4@b&log=a": 200, "after=3": 200, "after=3&log=a": 200, "after=0": 200, "": 200,
		"after=3&log=%0a": 400, "after=3@": 200, "after=3@%0a": 400, "after=@b": 400,
	} {
		resp, body := putBack{}.ask(t, query, "application/json", "")
		if resp.StatusCode != want || want != 400 && resp.Header.Get("Jejak-Log") != "b" {
			t.Errorf("%s: %s %v %s", query, resp.Status, resp.Header, body)
		}
		if want == 200 && !strings.Contains(resp.Header.Get("Link"), "log=b") {
			t.Errorf("%s leads on to %s", query, resp.Header.Get("Link"))
		}
		var problem struct{ Code, Log string }
		if want == 409 && (json.Unmarshal([]byte(body), &problem) != nil || problem.Code != "not-a-place-of-this-log" || problem.Log != "b") {
			t.Errorf("%s: %s", query, body)
		}
	}
}

func TestAStreamWhosePositionIsGoneHearsSoAndIsToldToStayAway(t *testing.T) {
	resp, body := putBack{}.ask(t, "log=a", "text/event-stream", "4")
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" ||
		!strings.HasPrefix(body, "retry: 3600000\n\nevent: log-changed\nid: gone\ndata: {") || !strings.HasSuffix(body, "\n\n") || !strings.Contains(body, `"log":"b"`) {
		t.Errorf("%s %v %q", resp.Status, resp.Header, body)
	}
	// An EventSource comes back with the last id that it heard.
	if resp, body = (putBack{}).ask(t, "log=a", "text/event-stream", "gone"); resp.StatusCode != http.StatusNoContent || body != "" {
		t.Errorf("%s %q", resp.Status, body)
	}
	if resp, body = (putBack{}).ask(t, "", "text/event-stream", "4@b"); resp.StatusCode != http.StatusOK || !strings.Contains(body, "id: 5@b\n") {
		t.Errorf("a position of this log: %s %q", resp.Status, body)
	}
	// A browser sends back what it heard before, and cannot say of which log.
	if _, body = (putBack{}).ask(t, "", "text/event-stream", "4"); !strings.Contains(body, "event: log-changed") {
		t.Errorf("a position of the first log: %q", body)
	}
}

func TestALogThatIsNotTheRightOneIsNotRead(t *testing.T) {
	wrong := putBack{wrong: &domain.Error{Kind: domain.Unavailable, Slug: "log-older", Detail: "it is older"}}
	for query, want := range map[string]int{"after=4@b": 503, "": 503, "after=11": 409} {
		if resp, body := wrong.ask(t, query, "application/json", ""); resp.StatusCode != want || strings.Contains(body, "sequence") {
			t.Errorf("%s: %s %s", query, resp.Status, body)
		}
	}
	wrong.away = errors.New("and it is away")
	if resp, body := wrong.ask(t, "after=11", "application/json", ""); resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "log-older") {
		t.Errorf("%s %s", resp.Status, body)
	}
}
