package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// persona's button on the login page of the demonstration.
var personaButton = regexp.MustCompile(`<button[^>]*value="([^"]+)"`)

// signedIn gives a browser of somebody who reports and is reported to.
func (p *product) signedIn(t *testing.T) (*http.Client, string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: startLimit}
	page, _, err := fetch(t.Context(), p.url+"/masuk")
	if err != nil {
		t.Fatal(err)
	}
	button := personaButton.FindStringSubmatch(page)
	if button == nil {
		t.Fatalf("the login page offers nobody\n%s", page)
	}
	resp, err := client.PostForm(p.url+"/masuk", url.Values{"orang": {button[1]}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("login: %s", resp.Status)
	}
	return client, button[1]
}

// timed gives how long a page takes; status and body come with it.
func timed(client *http.Client, address string) (time.Duration, int, string, error) {
	began := time.Now()
	resp, err := client.Get(address)
	if err != nil {
		return 0, 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return time.Since(began), resp.StatusCode, string(body), err
}

// electing is an event store in the middle of an election: it answers everything as a
// real one does.
func electing(t *testing.T) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error {
		return status.Error(codes.Unavailable, "Server Is Not Ready")
	}))
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

// leadsTo opens a line that was cut, to another end.
func (l *line) leadsTo(upstream string) {
	l.t.Helper()
	l.proxy.Upstream = upstream
	if err := l.proxy.Start(); err != nil {
		l.t.Fatal(err)
	}
}

// TestPagesAreAsFastWithoutTheEventStore asks ten pages again and again with the
// event store present, just frozen, known to be frozen, gone, electing, and back. The limit is
// far above what a page takes on a busy machine and far below any limit of a call.
func TestPagesAreAsFastWithoutTheEventStore(t *testing.T) {
	const pageMost = time.Second
	rounds := 8
	if *measuring {
		rounds = 60
	}
	database := pgtest.DurableServer(t).URL("postgres")
	node := standalone(t, "--database-url", database)
	way := newLine(t, "event store", hostOf(t, node))
	p := serve(t, stateDir(t), "--database-url", database, "--eventstore-url", "esdb://"+way.proxy.Listen+"?tls=false", "--demo", "--people", "60")
	p.outside = database
	p.seeded()
	client, me := p.signedIn(t)
	pages := []string{"/", "/kota", "/lapor", "/menunggu", "/skp", "/umpan-balik", "/evaluasi", "/unit", "/jejak", "/pegawai/" + me}
	table := map[string]map[string]time.Duration{}
	measure := func(state string, away bool) {
		t.Helper()
		table[state] = map[string]time.Duration{}
		for _, page := range pages {
			var all []time.Duration
			for range rounds {
				d, code, body, err := timed(client, p.url+page)
				if err != nil || code != http.StatusOK {
					t.Fatalf("%s: %s says %d %v", state, page, code, err)
				}
				if away && !strings.Contains(body, `data-store="away"`) {
					t.Errorf("%s: %s does not say so", state, page)
				}
				all = append(all, d)
			}
			slices.Sort(all)
			if table[state][page] = quantile(all, 0.95); table[state][page] > pageMost {
				t.Errorf("%s: %s takes %v (p95)", state, page, table[state][page])
			}
		}
	}
	away := func() {
		t.Helper()
		eventually(t, "the outage is known", startLimit, func() error {
			_, _, body, err := timed(client, p.url+"/menu")
			if err == nil && !strings.Contains(body, `data-store="away"`) {
				err = fmt.Errorf("no notice")
			}
			return err
		})
	}
	back := func() time.Duration {
		t.Helper()
		began := time.Now()
		eventually(t, "the notice goes", startLimit, func() error {
			_, _, body, err := timed(client, p.url+"/menu")
			if err == nil && strings.Contains(body, "data-store") {
				err = fmt.Errorf("it still stands there")
			}
			return err
		})
		return time.Since(began)
	}
	measure("present", false)
	way.goBad(`"type":"timeout","attributes":{"timeout":0}`)
	measure("just frozen", false)
	away()
	measure("frozen", true)
	// A command is refused at once, and its form keeps what was typed.
	began := time.Now()
	resp, err := client.PostForm(p.url+"/lapor", url.Values{"kunci": {"kunci-pengukuran"}, "on": {time.Now().Format(time.DateOnly)}, "text": {"Menata arsip & berkas lama."}})
	if err != nil {
		t.Fatal(err)
	}
	form, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if refused := time.Since(began); err != nil || resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" ||
		!strings.Contains(string(form), "Menata arsip &amp; berkas lama.") || refused > pageMost {
		t.Errorf("a report while the store is frozen: %s after %v (%v)\n%s", resp.Status, refused, err, form)
	}
	way.heal()
	t.Logf("the notice was gone %v after the store thawed", back())
	way.proxy.Stop()
	away()
	measure("gone", true)
	way.leadsTo(electing(t))
	measure("electing", true)
	way.proxy.Stop()
	way.leadsTo(hostOf(t, node))
	t.Logf("the notice was gone %v after the store was back", back())
	states := []string{"present", "just frozen", "frozen", "gone", "electing"}
	var b strings.Builder
	fmt.Fprintf(&b, "p95 of %d, in ms\n%-24s", rounds, "")
	for _, state := range states {
		fmt.Fprintf(&b, "%12s", state)
	}
	for _, page := range pages {
		fmt.Fprintf(&b, "\n%-24s", page)
		for _, state := range states {
			fmt.Fprintf(&b, "%12.1f", float64(table[state][page].Microseconds())/1000)
		}
	}
	t.Log(b.String())
}
