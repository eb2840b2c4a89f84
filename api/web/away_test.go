package web_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api"
	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/api/feed"
	"github.com/jejak-kinerja/jejak/api/health"
	v1 "github.com/jejak-kinerja/jejak/api/v1"
	"github.com/jejak-kinerja/jejak/api/web"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	ledger "github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// frozen is an event store that answers nothing, and keeps who asked.
type frozen struct {
	mu    sync.Mutex
	calls []string
}

func (f *frozen) hang(ctx context.Context, call string) error {
	f.mu.Lock()
	f.calls = append(f.calls, call)
	f.mu.Unlock()
	<-ctx.Done()
	return ctx.Err()
}

// asked gives the calls since the last time.
func (f *frozen) asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := f.calls
	f.calls = nil
	return calls
}

func (f *frozen) Load(ctx context.Context, stream string) ([]domain.Recorded, error) {
	return nil, f.hang(ctx, "load "+stream)
}

func (f *frozen) Append(ctx context.Context, stream string, _ int64, _ []commands.NewEvent) (commands.Place, error) {
	return commands.Place{}, f.hang(ctx, "append to "+stream)
}

func (f *frozen) ReadAll(ctx context.Context, _ uint64, _ int) ([]feed.Entry, error) {
	return nil, f.hang(ctx, "read the log")
}

func (f *frozen) Head(ctx context.Context) (uint64, error) { return 0, f.hang(ctx, "head") }

func (f *frozen) Subscribe(ctx context.Context, _ uint64) (feed.Subscription, error) {
	return nil, f.hang(ctx, "subscribe")
}

// outage is the whole edge over a story whose event store is frozen, which is known.
type outage struct {
	*story
	store    *frozen
	router   chi.Routes
	asOf     time.Time
	evidence string // digest of the file that came with the report
}

func newOutage(t *testing.T) *outage {
	t.Helper()
	o := &outage{story: newStory(t), store: &frozen{}, asOf: time.Date(2026, 11, 23, 2, 59, 0, 0, time.UTC)}
	o.reportWithPicture()
	watch := availability.New(availability.Options{Head: func(context.Context) (uint64, error) { return 0, errors.New("frozen") },
		Newest: func(context.Context) (time.Time, error) { return o.asOf, nil }, Log: slog.New(slog.DiscardHandler)})
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { watch.Run(ctx) })
	t.Cleanup(func() { stop(); work.Wait() })
	for limit := time.Now().Add(time.Minute); watch.State().Condition != availability.Away; time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("the outage was never noticed")
		}
	}
	office := *o.office
	office.Store, office.Bootstrap = watch.Guard(o.store), false
	deps := o.deps
	deps.Office, deps.LogStreams, deps.Availability = &office, watch.Guard(o.store), watch.State
	site, err := web.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	pages := chi.NewRouter()
	site.Mount(pages)
	known, err := ledger.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	router := api.Router(api.Deps{
		V1: v1.Deps{Office: &office, Lookup: deps.Lookup, Read: deps.Read, Await: deps.Await, Catalog: known, Availability: watch.State, Log: deps.Log,
			Texts: func(context.Context, []domain.Sealed) (map[domain.Sealed]v1.Text, error) { return nil, nil },
			Names: func(context.Context, []domain.PersonID) (map[domain.PersonID]v1.Name, error) { return nil, nil }},
		Feed: feed.Deps{Source: o.store, Tail: feed.NewTail(o.store, quiet), Names: known.Names(), Ready: watch.Err, Clock: clock.Now, Log: quiet},
		Health: health.New(health.Options{Log: quiet, Checks: []health.Check{{Name: "eventstore", Required: true,
			Look: health.Simply(func(context.Context) error { return watch.Err() })}}}),
		Pages: pages, Session: deps.Sessions.Middleware, LookUp: o.lookup, Log: deps.Log,
		Metrics: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
	})
	o.router = router.(chi.Routes)
	o.server.Close()
	o.server = httptest.NewServer(router)
	t.Cleanup(o.server.Close)
	return o
}

// reportWithPicture makes the story's report one that has a file.
func (o *outage) reportWithPicture() {
	o.Helper()
	ctx := o.Context()
	o.report = domain.ReportID(o.must(o.office.ReportProgress(ctx, o.ask(rahmi), commands.ReportProgress{On: "2026-11-23", Text: "Memotret dermaga.",
		Evidence: []commands.EvidenceFile{{MediaType: "image/png", Content: []byte("\x89PNG\r\n\x1a\n")}}})))
	if err := o.await(ctx, 0); err != nil {
		o.Fatal(err)
	}
	reported, _, err := commands.State(ctx, o.office.Store, progress.Decider, string(o.report))
	if err != nil {
		o.Fatal(err)
	}
	o.evidence = string(reported.Evidence[0].Digest)
}

// routes lists the patterns of a method, those below mounted routers in full.
func (o *outage) routes(method string) []string {
	o.Helper()
	var patterns []string
	err := chi.Walk(o.router, func(m, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if m == method {
			patterns = append(patterns, strings.ReplaceAll(pattern, "/*/", "/"))
		}
		return nil
	})
	if err != nil {
		o.Fatal(err)
	}
	return patterns
}

// fill puts things of the story into a pattern.
func (o *outage) fill(pattern string) string {
	o.Helper()
	values := map[string]string{
		"{report}": string(o.report), "{feedback}": string(o.feedback), "{plan}": string(o.plan), "{appraisal}": string(o.appraisal),
		"{person}": string(rahmi), "{unit}": "dispar", "{indicator}": "wisatawan", "{policy}": "kinerja", "{position}": "12",
		"{stream}": "plan-" + string(o.plan), "{version}": "1", "{slug}": "event-store-away", "{file}": "plan.opened.v1.json",
		"{digest}": o.evidence, "{action}": "betulkan",
	}
	path := pattern
	for name, value := range values {
		path = strings.ReplaceAll(path, name, value)
	}
	if strings.ContainsAny(path, "{}*") {
		o.Fatalf("%s has a parameter that this test has no value for", pattern)
	}
	return path
}

// answerLimit is generous: the frozen store would hold a request for ever.
const answerLimit = 20 * time.Second

func (b browser) answer(t *testing.T, method, path string, body io.Reader) (*http.Response, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), answerLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, b.base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	client := *b.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s %s waits for something: %v", method, path, err)
	}
	defer res.Body.Close()
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		return res, "" // it would go on
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s waits for something: %v", method, path, err)
	}
	return res, string(text)
}

// TestEveryReadIsAnsweredWhileTheStoreIsFrozen walks every GET of pages and API, in
// the state of a known outage. Each is answered to somebody who may see it, none
// asks the store, and what comes from read models says as of when.
func TestEveryReadIsAnsweredWhileTheStoreIsFrozen(t *testing.T) {
	o := newOutage(t)
	var people []browser
	for _, who := range []domain.PersonID{rahmi, teuku, cut, hasan, nora} {
		people = append(people, o.browser(who))
	}
	o.store.asked()
	// fromTheLog are read from the log itself; they say at once that it is away.
	fromTheLog := map[string]bool{"/v1/events": true, "/readyz": true}
	pages, answers := 0, 0
	for _, pattern := range o.routes(http.MethodGet) {
		path, best, body := pattern, (*http.Response)(nil), ""
		later := false
		switch pattern {
		case "/aset/*":
			continue // files of the program
		case "/langsung":
			path += "?ikuti=plan-" + string(o.plan)
		case "/evaluasi/baru":
			path += "?orang=" + string(rahmi)
		default:
			path = o.fill(pattern)
		}
		for _, person := range people {
			res, text := person.answer(t, http.MethodGet, path, nil)
			later = later || res.StatusCode == http.StatusServiceUnavailable && res.Header.Get("Retry-After") != ""
			if best == nil || res.StatusCode < best.StatusCode {
				best, body = res, text
			}
		}
		if calls := o.store.asked(); len(calls) > 0 {
			t.Errorf("GET %s asks the event store: %v", pattern, calls)
		}
		switch {
		case fromTheLog[pattern]:
			if !later && pattern != "/readyz" || best.StatusCode < http.StatusBadRequest {
				t.Errorf("GET %s says %s, want 503 at once", pattern, best.Status)
			}
			continue
		case best.StatusCode >= http.StatusBadRequest:
			t.Errorf("GET %s says %s to everybody\n%s", pattern, best.Status, excerpt(body))
			continue
		}
		switch kind := best.Header.Get("Content-Type"); {
		case strings.HasPrefix(pattern, "/v1/"):
			answers++
			if got := best.Header.Get("Jejak-As-Of"); got != "2026-11-23T02:59:00Z" {
				t.Errorf("GET %s is as of %q", pattern, got)
			}
		case strings.HasPrefix(kind, "text/html") && best.StatusCode == http.StatusOK && strings.Contains(body, `class="top"`):
			pages++
			if !strings.Contains(body, `data-store="away"`) || !strings.Contains(body, "23 November 2026 pukul 09.59 WIB") {
				t.Errorf("GET %s does not say that it is as of 09.59", pattern)
			}
		}
	}
	if pages < 25 || answers < 20 {
		t.Errorf("only %d pages and %d answers of the API were looked at", pages, answers)
	}
}

// TestEveryFormKeepsWhatWasTypedWhileTheStoreIsFrozen sends every form of the pages
// in the state of a known outage. Each is refused at once and asks to come back, the
// store is not asked, and what was typed stands in the form under the same key.
func TestEveryFormKeepsWhatWasTypedWhileTheStoreIsFrozen(t *testing.T) {
	o := newOutage(t)
	const typed = "Kalimat panjang yang tidak boleh hilang."
	type sending struct {
		as     domain.PersonID
		path   string
		fields string // what is typed, besides key and revision
		empty  bool   // the form has nothing to type
		gone   bool   // the page does not offer the form any more
	}
	plan, appraisal, report, thread := "/skp/"+string(o.plan), "/evaluasi/"+string(o.appraisal), "/laporan/"+string(o.asked), "/umpan-balik/"+string(o.feedback)
	draft := "/skp/" + string(o.draft)
	forms := map[string][]sending{
		"/lapor": {{as: rahmi, path: "/lapor", fields: "text=TYPED&on=2026-11-23&result=/"}},
		"/laporan/{report}/{action}": {
			{as: teuku, path: report + "/ketahui", fields: "note=TYPED", gone: true},
			{as: teuku, path: "/laporan/" + string(o.report) + "/tanya", fields: "question=TYPED"},
			{as: rahmi, path: report + "/jawab", fields: "answer=TYPED"},
			{as: rahmi, path: report + "/betulkan", fields: "text=TYPED&reason=TYPED"},
			{as: rahmi, path: report + "/tarik", fields: "reason=TYPED"}},
		"/atasan-salah":     {{as: rahmi, path: "/atasan-salah", fields: "note=TYPED"}},
		"/umpan-balik/baru": {{as: teuku, path: "/umpan-balik/baru", fields: "about=rahmi&tone=praise&text=TYPED"}},
		"/umpan-balik/{feedback}/{action}": {
			{as: rahmi, path: thread + "/balas", fields: "text=TYPED"},
			{as: rahmi, path: thread + "/sanggah", fields: "reason=TYPED"},
			{as: rahmi, path: thread + "/dibaca", empty: true, gone: true}},
		"/menunggu/ketahui": {{as: teuku, path: "/menunggu/ketahui", fields: "report=" + string(o.report), empty: true}},
		"/skp":              {{as: "staf-2", path: "/skp", empty: true}},
		"/skp/{plan}/{action}": {
			{as: teuku, path: draft + "/kembalikan", fields: "reason=TYPED"},
			{as: rahmi, path: plan + "/cabut", fields: "reason=TYPED"},
			{as: teuku, path: draft + "/tandatangani", empty: true},
			{as: "staf-1", path: draft + "/tambah-hasil", fields: "wording=TYPED&kind=utama"}},
		"/evaluasi/baru": {{as: teuku, path: "/evaluasi/baru", fields: "person=rahmi&kind=periodik&from=2026-10-01&until=2026-10-31", empty: true}},
		"/evaluasi/{appraisal}/{action}": {
			{as: teuku, path: appraisal + "/hasil", fields: "rating=sesuai&note=TYPED", gone: true},
			{as: teuku, path: appraisal + "/realisasi", fields: "result=rahmi-r1&no_evidence=TYPED", gone: true},
			{as: teuku, path: appraisal + "/sampaikan", empty: true}},
	}
	unneeded := map[string]bool{"/masuk": true, "/keluar": true} // nothing is recorded by them
	people := map[domain.PersonID]browser{}
	for _, pattern := range o.routes(http.MethodPost) {
		if unneeded[pattern] || strings.HasPrefix(pattern, "/v1/") || strings.HasPrefix(pattern, "/aset/") {
			continue
		}
		if len(forms[pattern]) == 0 {
			t.Errorf("POST %s is a form that this test does not send", pattern)
		}
		for _, f := range forms[pattern] {
			if _, ok := people[f.as]; !ok {
				people[f.as] = o.browser(f.as)
			}
			fields := "kunci=kunci-yang-sama&" + strings.ReplaceAll(f.fields, "TYPED", url.QueryEscape(typed))
			o.store.asked()
			res, page := people[f.as].answer(t, http.MethodPost, f.path, strings.NewReader(fields))
			if calls := o.store.asked(); len(calls) > 0 {
				t.Errorf("POST %s asks the event store: %v", f.path, calls)
			}
			if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
				t.Errorf("POST %s says %s, Retry-After %q", f.path, res.Status, res.Header.Get("Retry-After"))
			}
			if !strings.Contains(page, "kiriman ini belum tersimpan") {
				t.Errorf("POST %s does not say that nothing was stored\n%s", f.path, excerpt(page))
			}
			if !f.empty && !strings.Contains(page, typed) {
				t.Errorf("POST %s loses what was typed", f.path)
			}
			if f.gone == strings.Contains(page, "kunci-yang-sama") {
				t.Errorf("POST %s: the form with its key is there: %v", f.path, f.gone)
			}
		}
	}
}
