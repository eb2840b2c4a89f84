package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/api"
	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/feed"
	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/api/token"
	v1 "github.com/jejak-kinerja/jejak/api/v1"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/commands/memstore"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	models "github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// morning is the time of every test: a Monday, 09:00 WIB.
var morning = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

var wib = time.FixedZone("WIB", 7*60*60)

// who is everybody of the little town; all are invented.
var who = map[string][]person.Role{
	"employee": nil, "superior": nil, "colleague": nil, "former": nil,
	"bkpsdm":      {person.PersonnelAgency},
	"inspector":   {person.Inspectorate},
	"performance": {person.PerformanceOffice},
	"leader":      {person.CityLeadership},
	"admin":       {person.SystemAdministrator},
}

// town is the whole product below the edge, in memory but for the read models.
type town struct {
	t       *testing.T
	store   *memstore.Store
	office  *commands.Office
	vault   *box
	pool    *pgxpool.Pool
	models  []projections.Projection
	shown   atomic.Uint64 // position up to which the read models show
	tokens  *token.Store
	catalog *catalog.Catalog
	deps    api.Deps
	server  *httptest.Server
	tries   int
}

func newTown(t *testing.T) *town {
	t.Helper()
	events, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	c := &town{t: t, vault: newBox(), catalog: events, models: models.All()}
	c.store = memstore.New(events, clock.Fixed(morning))
	c.office = &commands.Office{Store: c.store, Vault: c.vault, Clock: clock.Fixed(morning), Zone: wib, Salt: func() string { return "AAAAAAAAAAAAAAAAAAAAAA" }}
	url := pgtest.URL(t)
	c.pool = projectiontest.Open(t, url, c.models...)
	if c.tokens, err = token.Open(t.Context(), c.pool, clock.Fixed(morning)); err != nil {
		t.Fatal(err)
	}
	c.settle()
	c.deps = c.edge()
	c.server = httptest.NewServer(api.Router(c.deps))
	t.Cleanup(c.server.Close)
	c.show()
	return c
}

func (c *town) edge() api.Deps {
	log := slog.New(slog.NewTextHandler(c.t.Output(), nil))
	source := logOf{c.store}
	return api.Deps{
		V1: v1.Deps{Version: "test", Office: c.office,
			Lookup: commands.Lookup{Streams: audittrail.Streams{Read: c.pool, Catalog: c.catalog}, Clock: clock.Fixed(morning), Zone: wib}, Read: c.pool, Await: c.await, Texts: c.vault.Texts, Names: c.vault.Names, Catalog: c.catalog, Log: log},
		Feed: feed.Deps{Source: source, Tail: feed.NewTail(source, log), BaseURL: "https://jejak.example", Names: c.catalog.Names(),
			Clock: clock.Now, Log: log},
		Health: health.New(health.Options{Release: map[string]string{"version": "test", "go": "go1"}, Log: log,
			Checks: []health.Check{{Name: "database", Required: true, Look: health.Simply(c.pool.Ping)}}}),
		Session: c.session, Token: c.tokens.LookUp, LookUp: c.lookUp, Log: log,
	}
}

// session takes the test's word for who asks.
func (c *town) session(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name := r.Header.Get("Test-Person"); name != "" {
			as, err := c.lookUp(r.Context(), domain.PersonID(name))
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			r = r.WithContext(caller.With(r.Context(), as))
		}
		next.ServeHTTP(w, r)
	})
}

func (c *town) lookUp(ctx context.Context, id domain.PersonID) (caller.Caller, error) {
	return api.LookUp(ctx, c.pool, domain.DateOf(morning, wib), id)
}

func (c *town) await(ctx context.Context, position uint64) error {
	if position <= c.shown.Load() {
		return nil
	}
	<-ctx.Done()
	return ctx.Err()
}

// show lets the read models catch up.
func (c *town) show() {
	facts := c.store.All()[c.shown.Load():]
	projectiontest.Apply(c.t, c.pool, facts, c.models...)
	c.shown.Add(uint64(len(facts)))
}

// settle founds the town.
func (c *town) settle() {
	c.office.Bootstrap = true
	defer func() { c.office.Bootstrap = false }()
	n := 0
	ask := func() commands.Ask {
		n++
		return commands.Ask{Key: domain.CommandID(fmt.Sprintf("founding-%04d", n)), Capacity: domain.System, Source: domain.FromDemo}
	}
	ctx := c.t.Context()
	for _, u := range []unit.Establish{{Unit: "kota", Name: "Kota Rekaan", Kind: unit.City, From: "2020-01-01"},
		{Unit: "dinas", Name: "Dinas Rekaan", Kind: unit.Agency, Parent: "kota", From: "2020-01-01"}} {
		if _, err := c.office.EstablishUnit(ctx, ask(), u); err != nil {
			c.t.Fatal(err)
		}
	}
	for i, name := range []string{"superior", "former", "employee", "colleague", "bkpsdm", "inspector", "performance", "leader", "admin"} {
		in := commands.Enrolment{RegisterPerson: commands.RegisterPerson{Person: domain.PersonID(name), Employment: person.PNS, Invented: true,
			Identity: commands.Identity{Name: "Orang Rekaan " + name, NIP: fmt.Sprintf("9900000000000%05d", i)}},
			Posts: []person.AssignPost{{Title: "Analis", Level: person.Executive, Unit: "dinas", From: "2021-01-01"}}}
		if name == "employee" {
			in.Lines = []person.SetReportingLine{{Superior: "former", From: "2021-01-01"}, {Superior: "superior", From: "2025-01-01"}}
		}
		for _, r := range who[name] {
			in.Roles = append(in.Roles, person.GrantRole{Role: r, From: "2021-01-01"})
		}
		if _, err := c.office.EnrolPerson(ctx, ask(), in); err != nil {
			c.t.Fatal(err)
		}
	}
}

// logOf reads the log out of memory.
type logOf struct{ store *memstore.Store }

func (l logOf) ReadAll(_ context.Context, after uint64, limit int) ([]feed.Entry, error) {
	all := l.store.All()
	var page []feed.Entry
	for _, r := range all[min(after, uint64(len(all))):] {
		if len(page) == limit {
			break
		}
		page = append(page, feed.Entry{Recorded: r})
	}
	return page, nil
}

func (l logOf) Head(context.Context) (uint64, error) { return uint64(len(l.store.All())), nil }

func (l logOf) Subscribe(_ context.Context, after uint64) (feed.Subscription, error) {
	return &following{l, after}, nil
}

// following looks again and again: the memory tells nobody that it grew.
type following struct {
	log logOf
	at  uint64
}

func (f *following) Next(ctx context.Context) ([]feed.Entry, error) {
	for {
		page, err := f.log.ReadAll(ctx, f.at, 1000)
		if err != nil || len(page) > 0 {
			f.at += uint64(len(page))
			return page, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

func (f *following) Close() {}
