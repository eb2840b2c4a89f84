package web_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/api/web"
	"github.com/jejak-kinerja/jejak/domain"
)

// firstLoadBytes and laterLoadBytes bound what a phone fetches, gzipped: the whole
// of a first visit, and one page after it.
const (
	firstLoadBytes = 60 << 10
	laterLoadBytes = 15 << 10
)

// weigh fetches as a browser does and gives the bytes on the line, and the page.
func weigh(t *testing.T, b browser, path string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := b.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, body := read(t, res)
	if res.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("%s is not compressed", path)
		return len(body), body
	}
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return len(body), string(plain)
}

func TestPagesAreLightEnoughForAPhone(t *testing.T) {
	s := newStory(t)
	assets := regexp.MustCompile(`(?:href|src)="(/aset/[^"]+)"`)
	for name, p := range s.pages() {
		b := s.browser(p.as)
		page, body := weigh(t, b, p.path)
		first := page
		for _, m := range assets.FindAllStringSubmatch(body, -1) {
			n, _ := weigh(t, b, m[1])
			first += n
		}
		if first > firstLoadBytes || page > laterLoadBytes {
			t.Errorf("%s: first load %d bytes, page %d bytes", name, first, page)
		}
	}
}

func TestEveryAnswerForbidsWhatThePagesDoNotUse(t *testing.T) {
	w := newTown(t)
	for _, path := range []string{"/", "/masuk", "/tidak-ada"} {
		res, err := w.browser("").Get(w.server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		read(t, res)
		policy := res.Header.Get("Content-Security-Policy")
		for _, need := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, need) || strings.Contains(policy, "unsafe") {
				t.Errorf("%s: %s in %q", path, need, policy)
			}
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s may be sniffed", path)
		}
	}
}

func TestAnotherSiteCannotSendOurForms(t *testing.T) {
	s := newStory(t)
	b := s.browser(rahmi)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.server.URL+"/lapor", strings.NewReader(url.Values{"text": {"palsu"}, "kunci": {"palsu-palsu"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://jahat.example")
	before := len(s.store.All())
	res, err := b.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if read(t, res); res.StatusCode != http.StatusForbidden || len(s.store.All()) != before {
		t.Errorf("status %d, %d facts more", res.StatusCode, len(s.store.All())-before)
	}
}

func TestWhatDoesNotExistIsExplained(t *testing.T) {
	s := newStory(t)
	b := s.browser(rahmi)
	for path, want := range map[string]int{
		"/tidak-ada": 404, "/laporan/tidak-ada": 404, "/umpan-balik/tidak-ada": 404, "/tercatat/progress-tidak-ada": 404, "/jejak/0": 404,
		"/jejak/abc": 404, "/unit/tidak-ada": 404, "/pegawai/tidak-ada": 404, "/pegawai/teuku/linimasa": 403, "/jejak?day_from=kemarin": 400, "/umpan-balik?cursor=zzz": 400,
	} {
		status, page := b.fetch(path)
		if status != want || !strings.Contains(page, "<h1>") || strings.Contains(page, "⟦") {
			t.Errorf("%s: %d, want %d\n%s", path, status, want, excerpt(page))
		}
	}
}

func TestWhoIsNotSignedInIsAskedToAndComesBack(t *testing.T) {
	s := newStory(t)
	b := s.browser("")
	res, err := b.Get(s.server.URL + "/lapor")
	if err != nil {
		t.Fatal(err)
	}
	read(t, res)
	if at := res.Request.URL; at.Path != "/masuk" || at.Query().Get("ke") != "/lapor" {
		t.Errorf("sent to %s", at)
	}
	if _, _, at := b.post("/masuk", url.Values{"orang": {"rahmi"}, "ke": {"/lapor"}}); at.Path != "/lapor" {
		t.Errorf("came back to %s", at)
	}
	for _, elsewhere := range []string{"https://jahat.example/", "//jahat.example", `/\jahat.example`, "javascript:alert(1)"} {
		if _, _, at := s.browser("").post("/masuk", url.Values{"orang": {"rahmi"}, "ke": {elsewhere}}); at.Path != "/" {
			t.Errorf("%s led to %s", elsewhere, at)
		}
	}
}

func TestOnlyInventedPeopleCanBeTriedOut(t *testing.T) {
	s := newStory(t)
	if status, _, _ := s.browser("").post("/masuk", url.Values{"orang": {"tidak-ada"}}); status != http.StatusNotFound {
		t.Errorf("status %d", status)
	}
}

func TestTheThemeChosenIsKept(t *testing.T) {
	b := newTown(t).browser("")
	b.get("/masuk?tema=dark")
	if !strings.Contains(b.get("/masuk"), `data-theme="dark"`) {
		t.Error("dark was forgotten")
	}
}

func TestAPageHearsOfWhatItFollowsWithinASecond(t *testing.T) {
	s := newStory(t)
	b := s.browser(rahmi)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.server.URL+"/langsung?ikuti=feedback-"+string(s.feedback), nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := b.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() // only read
	lines := bufio.NewScanner(res.Body)
	seen := func(event string) {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == "event: "+event {
				return
			}
		}
		t.Fatalf("no %s: %v", event, lines.Err())
	}
	seen("open")
	s.browser(teuku).post("/umpan-balik/"+string(s.feedback)+"/balas", url.Values{"text": {"Semoga lancar."}, "kunci": {"balasan-langsung-1"}})
	seen("changed")
}

func TestAnOpenPageHearsThatTheEventStoreIsAwayAndBack(t *testing.T) {
	s := newStory(t)
	var away atomic.Bool
	s.deps.Availability = func() availability.State {
		if away.Load() {
			return availability.State{Condition: availability.Away, Reason: &domain.Error{Kind: domain.Unavailable, Slug: "event-store-away"},
				AsOf: time.Date(2026, 11, 23, 2, 59, 0, 0, time.UTC)}
		}
		return availability.State{Condition: availability.Ready}
	}
	s.serve()
	b := s.browser(rahmi)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.server.URL+"/langsung?ikuti=inbox_v1", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := b.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() // only read
	lines := bufio.NewScanner(res.Body)
	told := func(want availability.Condition) {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == "event: store" && lines.Scan() {
				if got := lines.Text(); got != "data: "+string(want) {
					t.Fatalf("the page hears %q, not %q", got, want)
				}
				return
			}
		}
		t.Fatalf("the page does not hear %q: %v", want, lines.Err())
	}
	const live, then = `data-as-of="Data dari pukul`, `data-as-of="Data per 23 November 2026 pukul 09.59 WIB.`
	told(availability.Ready)
	if page := b.get("/menunggu"); !strings.Contains(page, live) {
		t.Error("the footer does not say when the page was made")
	}
	away.Store(true)
	told(availability.Away)
	if page := b.get("/menunggu"); !strings.Contains(page, then) {
		t.Error("the footer does not say of when the page is while the store is away")
	}
	away.Store(false)
	told(availability.Ready)
}

func TestALostTextLeavesItsPageStanding(t *testing.T) {
	s := newStory(t)
	s.deps.Texts = func(_ context.Context, digests []domain.Sealed) (map[domain.Sealed]web.Text, error) {
		lost := map[domain.Sealed]web.Text{}
		for _, d := range digests {
			lost[d] = web.Text{Lost: true}
		}
		return lost, nil
	}
	s.serve()
	b := s.browser(rahmi)
	for _, path := range []string{"/", "/pegawai/" + string(rahmi), "/laporan/" + string(s.report), "/umpan-balik/" + string(s.feedback)} {
		if page := b.get(path); !strings.Contains(page, "Teks ini tidak ditemukan di penyimpanan teks.") || strings.Contains(page, "jadwal retensi") {
			t.Errorf("%s does not say that a text is lost", path)
		}
	}
}

func TestAStrangerMayNotFollowAPersonsStreams(t *testing.T) {
	s := newStory(t)
	if status, _ := s.browser("").fetch("/langsung?ikuti=feedback-" + string(s.feedback)); status != http.StatusUnauthorized {
		t.Errorf("status %d", status)
	}
}

func TestTheScriptIsWhatItsSourceMakes(t *testing.T) {
	made := filepath.Join(t.TempDir(), "jejak.js")
	out, err := exec.CommandContext(t.Context(), "go", "tool", "esbuild", "script/jejak.ts", "--bundle", "--minify", "--target=es2020",
		"--charset=utf8", "--log-level=warning", "--outfile="+made).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("assets/jejak.js")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("assets/jejak.js is not made from script/: go generate ./api/web")
	}
}
