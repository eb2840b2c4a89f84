package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// answered is what one request came to.
type answered struct {
	status int
	header http.Header
	body   string
	took   time.Duration
}

// ask asks for a path as a browser in English does.
func (p *product) ask(path string) (answered, error) {
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.url+path, nil)
	if err != nil {
		return answered{}, err
	}
	req.Header.Set("Accept-Language", "en")
	began := time.Now()
	resp, err := (&http.Client{Timeout: startLimit}).Do(req)
	if err != nil {
		return answered{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answered{resp.StatusCode, resp.Header, string(body), time.Since(began)}, err
}

// startOn starts the program on a fixed address and waits until the port answers.
func startOn(t *testing.T, dir string, args ...string) *product {
	t.Helper()
	address := freeAddress(t)
	p := &product{t: t, dir: dir, url: "http://" + address, stderr: &lockedBuffer{}, exited: make(chan struct{})}
	p.cmd = exec.Command(binary(t), append([]string{"serve", "--state-dir", dir, "--listen", address}, args...)...)
	p.cmd.Stderr = p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { defer close(p.exited); p.waitErr = p.cmd.Wait() }()
	t.Cleanup(p.kill)
	eventually(t, "the port answers", startLimit, func() error {
		select {
		case <-p.exited:
			t.Fatalf("the program ended at its start: %v\n%s", p.waitErr, p.stderr)
		default:
		}
		_, err := p.ask("/healthz")
		return err
	})
	return p
}

// TestAServiceWithoutItsDatabaseAnswersAndOpensByItself starts the program while
// PostgreSQL refuses and while it is silent: the port answers at once, says why it
// waits, and opens when the database is there.
func TestAServiceWithoutItsDatabaseAnswersAndOpensByItself(t *testing.T) {
	database := pgtest.DurableServer(t).URL("postgres")
	way := newLine(t, "database", overTCP(t, socketOf(t, database)))
	address, dir := way.proxy.Listen, stateDir(t)
	for _, fault := range []struct {
		name       string
		fail, mend func()
	}{
		{"refused", way.proxy.Stop, func() {
			if err := way.proxy.Start(); err != nil {
				t.Fatal(err)
			}
		}},
		{"black hole", func() { way.goBad(`"type":"timeout","attributes":{"timeout":0}`) }, way.heal},
	} {
		t.Run(fault.name, func(t *testing.T) {
			fault.fail()
			p := startOn(t, dir, "--database-url", elsewhere(t, database, address))
			p.outside = database
			eventually(t, "the reason is known", startLimit, func() error {
				ready, err := p.ask("/readyz")
				if err == nil && (ready.status != http.StatusServiceUnavailable || !strings.Contains(ready.body, "database-away")) {
					err = fmt.Errorf("%d %s", ready.status, ready.body)
				}
				return err
			})
			for path, want := range map[string]int{"/healthz": 200, "/version": 200, "/metrics": 200, "/api.css": 200, "/": 503, "/lapor": 503, "/v1/home": 503} {
				got, err := p.ask(path)
				if err != nil || got.status != want {
					t.Errorf("GET %s: %d %v, want %d", path, got.status, err, want)
				}
				if want == 503 && got.header.Get("Retry-After") == "" {
					t.Errorf("GET %s does not ask to come back", path)
				}
			}
			if up, told := p.scrape(p.url)[`jejak_store_up{store="database"}`]; !told || up != 0 {
				t.Error("the metrics do not say that the database is away")
			}
			page, err := p.ask("/lapor")
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(page.body, `http-equiv="refresh"`) || !strings.Contains(page.body, "The database cannot be reached yet") {
				t.Errorf("the waiting page says\n%s", page.body)
			}
			indonesian, err := p.ask("/?lang=id")
			if err != nil || !strings.Contains(indonesian.body, "Basis data belum dapat dihubungi") {
				t.Errorf("in Indonesian it says (%v)\n%s", err, indonesian.body)
			}
			var problem struct{ Code string }
			home, err := p.ask("/v1/home")
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(home.body), &problem); err != nil || problem.Code != "database-away" || home.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("the API says %v %s %s", err, home.header.Get("Content-Type"), home.body)
			}
			fault.mend()
			p.ready()
			if page, err := p.ask("/"); err != nil || page.status != http.StatusOK {
				t.Errorf("after the database came: %d %v", page.status, err)
			}
			p.stop()
		})
	}
}

// TestAServiceThatWaitsForItsDatabaseEndsWhenAsked and one that is not let in ends by
// itself: waiting would not help it.
func TestAServiceThatWaitsForItsDatabaseEndsWhenAsked(t *testing.T) {
	p := startOn(t, stateDir(t), "--database-url", "postgres://"+freeAddress(t)+"/none")
	p.stop()
	database := pgtest.DurableServer(t).URL("postgres")
	wrong := &product{t: t, dir: stateDir(t)}
	if code, out := wrong.answer("serve", "--listen", freeAddress(t), "--database-url", strings.Replace(database, "/postgres", "/nowhere", 1)); code != exitUnavailable || !strings.Contains(out, "nowhere") {
		t.Errorf("a database that there is not: exit code %d\n%s", code, out)
	}
}

// TestAServiceWithoutItsEventStoreReadsAndRecordsWhenItComes starts the program on a
// filled database while the event store refuses: pages are read, as of the newest
// fact, commands are asked to come back, and work when the store is there.
func TestAServiceWithoutItsEventStoreReadsAndRecordsWhenItComes(t *testing.T) {
	database := pgtest.DurableServer(t).URL("postgres")
	node := standalone(t, "--database-url", database)
	way := newLine(t, "event store", hostOf(t, node))
	dir := stateDir(t)
	flags := []string{"--database-url", database, "--eventstore-url", "esdb://" + way.proxy.Listen + "?tls=false"}
	first := serve(t, dir, append(flags, "--demo", "--people", "20")...)
	first.outside, first.storage = database, []string{"--database-url", database, "--eventstore-url", node}
	first.seeded()
	author := authors(t, first, 1)[0]
	first.stop()
	way.proxy.Stop()
	p := startOn(t, dir, flags...)
	eventually(t, "pages are open", startLimit, func() error { return p.page() })
	home, err := p.ask("/")
	if err != nil || !strings.Contains(home.body, `data-store="away"`) || !strings.Contains(home.body, "Data per ") {
		t.Errorf("the page says (%v)\n%s", err, home.body)
	}
	ready, err := p.ask("/readyz")
	if err != nil || ready.status != http.StatusServiceUnavailable || !strings.Contains(ready.body, "event-store-away") {
		t.Errorf("ready: %d %v %s", ready.status, err, ready.body)
	}
	const key = "one-report-in-an-outage"
	got, err := author.send(t.Context(), http.DefaultClient, p.url, key)
	if err != nil || !got.notNow() || !strings.Contains(got.body, "event-store-away") {
		t.Errorf("a report without the event store: %v %s", err, got)
	}
	if err := way.proxy.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a report is recorded", startLimit, func() error {
		return author.report(t.Context(), p.url, key)
	})
	p.ready()
	eventually(t, "the notice is gone", startLimit, func() error {
		home, err := p.ask("/")
		if err == nil && strings.Contains(home.body, "data-store") {
			err = fmt.Errorf("it still stands there")
		}
		return err
	})
	p.stop()
	if marks, err := filepath.Glob(filepath.Join(dir, "demo-*")); err != nil || len(marks) != 1 {
		t.Errorf("marks %v, %v", marks, err)
	}
}
