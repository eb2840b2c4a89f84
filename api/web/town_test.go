package web_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	scsmem "github.com/alexedwards/scs/v2/memstore"
	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/session"
	"github.com/jejak-kinerja/jejak/api/web"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/commands/memstore"
	"github.com/jejak-kinerja/jejak/domain"
	ledger "github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// town is a whole small city behind the real router: an office on a memory store,
// the real read models on PostgreSQL, and a vault in a map.
type town struct {
	*testing.T
	office *commands.Office
	store  *memstore.Store
	vault  *chest
	server *httptest.Server
	pool   *pgxpool.Pool
	deps   web.Deps

	mu        sync.Mutex
	now       time.Time
	applied   int
	list      []projections.Projection
	listeners map[chan web.Change]bool
}

var wib = time.FixedZone("WIB", 7*60*60)

// newTown founds an empty city on Monday, 23 November 2026, ten in the morning.
func newTown(t *testing.T) *town {
	t.Helper()
	known, err := ledger.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	w := &town{T: t, now: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC), list: catalog.All(), listeners: map[chan web.Change]bool{},
		vault: &chest{texts: map[domain.Sealed]string{}, files: map[domain.Sealed]web.File{}, people: map[domain.PersonID]commands.Identity{}}}
	w.store = memstore.New(known, w.clock)
	w.office = &commands.Office{Store: w.store, Vault: w.vault, Clock: w.clock, Zone: wib, Bootstrap: true,
		Salt: func() string { return "AAAAAAAAAAAAAAAAAAAAAA" }}
	w.pool = projectiontest.Open(t, pgtest.URL(t), w.list...)
	log := slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelError}))
	sessions := session.New(scsmem.NewWithCleanupInterval(0), w.lookup, false, log)
	w.deps = web.Deps{Office: w.office, Lookup: commands.Lookup{Streams: audittrail.Streams{Read: w.pool, Catalog: known}, Clock: w.clock, Zone: wib}, LogStreams: w.store, Read: w.pool, Names: w.vault.names, Texts: w.vault.reveal, File: w.vault.open,
		Operations: w.operations, Await: w.await, Changes: w.changes, Sessions: sessions, Clock: w.clock, Zone: wib, DemoLogin: true, Version: "uji", Log: log}
	w.serve()
	return w
}

// serve makes pages of what deps say now.
func (w *town) serve() {
	w.Helper()
	site, err := web.New(w.deps)
	if err != nil {
		w.Fatal(err)
	}
	r := chi.NewRouter()
	site.Mount(r)
	r.NotFound(site.NotFound().ServeHTTP)
	w.server = httptest.NewServer(r)
	w.Cleanup(w.server.Close)
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Errorf("logged: %s", p)
	return len(p), nil
}

func (w *town) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Second)
	return w.now
}

// on moves the clock to a day, nine in the morning.
func (w *town) on(day domain.Date) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = day.Time().Add(2 * time.Hour)
}

// await applies what the read models have not seen.
func (w *town) await(ctx context.Context, _ uint64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	facts := w.store.All()[w.applied:]
	projectiontest.Apply(w.T, w.pool, facts, w.list...)
	w.applied += len(facts)
	var streams []string
	for _, f := range facts {
		streams = append(streams, f.Stream)
	}
	for l := range w.listeners {
		select {
		case l <- web.Change{Projection: "inbox_v1", To: uint64(w.applied), Streams: streams}:
		default:
		}
	}
	return ctx.Err()
}

func (w *town) changes(ctx context.Context) <-chan web.Change {
	c := make(chan web.Change, 64)
	w.mu.Lock()
	w.listeners[c] = true
	w.mu.Unlock()
	context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.listeners, c)
		close(c)
	})
	return c
}

func (w *town) lookup(ctx context.Context, id domain.PersonID) (caller.Caller, error) {
	p, err := directory.FindPerson(ctx, w.pool, "2026-11-23", id)
	return caller.Caller{Person: p.Person, Unit: p.Unit, Roles: p.Roles}, err
}

// browser is one person's browser.
type browser struct {
	*http.Client
	t    *testing.T
	base string
}

func (w *town) browser(as domain.PersonID) browser {
	w.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	b := browser{&http.Client{Jar: jar}, w.T, w.server.URL}
	if as != "" {
		b.post("/masuk", url.Values{"orang": {string(as)}})
	}
	return b
}

// get reads a page; a status other than 200 fails the test.
func (b browser) get(path string) string {
	b.t.Helper()
	status, body := b.fetch(path)
	if status != http.StatusOK {
		b.t.Fatalf("GET %s: %d\n%s", path, status, excerpt(body))
	}
	return body
}

func (b browser) fetch(path string) (int, string) {
	b.t.Helper()
	res, err := b.Get(b.base + path)
	if err != nil {
		b.t.Fatal(err)
	}
	return read(b.t, res)
}

// post sends a form and follows the redirect; it gives the last status, the page and its address.
func (b browser) post(path string, form url.Values) (int, string, *url.URL) {
	b.t.Helper()
	res, err := b.PostForm(b.base+path, form)
	if err != nil {
		b.t.Fatal(err)
	}
	status, body := read(b.t, res)
	return status, body, res.Request.URL
}

func read(t *testing.T, res *http.Response) (int, string) {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func excerpt(body string) string {
	if i := strings.Index(body, "<main"); i >= 0 {
		body = body[i:]
	}
	return body[:min(len(body), 1500)]
}

// chest is a vault in maps.
type chest struct {
	mu     sync.Mutex
	texts  map[domain.Sealed]string
	files  map[domain.Sealed]web.File
	people map[domain.PersonID]commands.Identity
}

func (c *chest) Seal(_ context.Context, about domain.PersonID, field, text string) (domain.Sealed, error) {
	if text == "" {
		return "", nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	digest := sealed(string(about), field, text)
	c.texts[digest] = text
	return digest, nil
}

func (c *chest) SealFile(_ context.Context, about domain.PersonID, mediaType string, content []byte) (domain.Evidence, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	digest := sealed(string(about), "file", string(content))
	c.files[digest] = web.File{MediaType: mediaType, Content: content}
	return domain.Evidence{Digest: digest, MediaType: mediaType, SizeBytes: int64(len(content))}, nil
}

func (c *chest) Identify(_ context.Context, id domain.PersonID, who commands.Identity) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.people[id] = who
	return nil
}

func (c *chest) FindByNIP(_ context.Context, nip string) (domain.PersonID, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, who := range c.people {
		if who.NIP == nip {
			return id, true, nil
		}
	}
	return "", false, nil
}

func (c *chest) names(_ context.Context, ids []domain.PersonID) (map[domain.PersonID]web.Name, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := map[domain.PersonID]web.Name{}
	for _, id := range ids {
		if who, ok := c.people[id]; ok {
			names[id] = web.Name{Full: who.Name, NIP: who.NIP}
		}
	}
	return names, nil
}

func (c *chest) reveal(_ context.Context, digests []domain.Sealed) (map[domain.Sealed]web.Text, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	texts := map[domain.Sealed]web.Text{}
	for _, d := range digests {
		if text, ok := c.texts[d]; ok {
			texts[d] = web.Text{Plain: text}
		}
	}
	return texts, nil
}

func (c *chest) open(_ context.Context, digest domain.Sealed) (web.File, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.files[digest]
	if !ok {
		return f, domain.Missing("file-unknown", "no such file")
	}
	return f, nil
}

func sealed(parts ...string) domain.Sealed {
	sum := sha256.Sum256([]byte(fmt.Sprint(parts)))
	return domain.Sealed(base64.RawURLEncoding.EncodeToString(sum[:]))
}
