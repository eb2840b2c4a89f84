package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/token"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/bench"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/telemetry"
)

// gateTown is the product in this process, with a small city in it.
type gateTown struct {
	*rooms
	t       testing.TB
	authors []author
}

const gatePeople = 64

func openTown(t *testing.T) *gateTown {
	t.Helper()
	tuneMemory()
	config := &Config{StateDir: stateDir(t), Zone: "Asia/Jakarta"}
	if err := config.check(); err != nil {
		t.Fatal(err)
	}
	r, end := openSilent(t, config)
	t.Cleanup(end)
	if err := bench.MustBeDurable(t.Context(), r.pool); err != nil {
		t.Fatal(err)
	}
	if err := r.seed(t.Context(), demoFlags{People: gatePeople, Seed: 1972}, func(int, int, string) {}); err != nil {
		t.Fatal(err)
	}
	town := &gateTown{rooms: r, t: t}
	town.catchUp()
	town.makeAuthors()
	return town
}

// catchUp brings every read model to the head of the log, and no further.
func (g *gateTown) catchUp() {
	g.t.Helper()
	head, err := g.events.Head(g.t.Context())
	if err != nil {
		g.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(g.t.Context())
	carried := make(chan error, 1)
	go func() { carried <- g.carry(ctx) }()
	if err := g.engine.WaitAll(ctx, head); err != nil {
		g.t.Error(err)
	}
	cancel()
	if err := <-carried; err != nil {
		g.t.Fatal(err)
	}
}

func (g *gateTown) makeAuthors() {
	g.t.Helper()
	store, err := token.Open(g.t.Context(), g.pool, clock.Now)
	if err != nil {
		g.t.Fatal(err)
	}
	rows, err := g.pool.Query(g.t.Context(), `select distinct person from readmodel.directory_v3_person order by person limit $1`, gatePeople)
	if err != nil {
		g.t.Fatal(err)
	}
	for rows.Next() {
		var a author
		if err := rows.Scan(&a.person); err != nil {
			g.t.Fatal(err)
		}
		g.authors = append(g.authors, a)
	}
	if rows.Err() != nil {
		g.t.Fatal(rows.Err())
	}
	for i := range g.authors {
		_, g.authors[i].token, err = store.Create(g.t.Context(), token.New{
			Person: domain.PersonID(g.authors[i].person), Scopes: []caller.Scope{caller.Read, caller.Write}, Name: "gates", Life: time.Hour})
		if err != nil {
			g.t.Fatal(err)
		}
	}
}

// serveOn opens the product's edge over another event store.
func (g *gateTown) serveOn(store commands.Store) (url string) {
	g.t.Helper()
	r, office := *g.rooms, *g.office
	office.Store = store
	r.office, r.metrics, r.log = &office, telemetry.New(telemetry.Build{}), slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	e, err := openEdge(g.t.Context(), &r, &serveCommand{})
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(e.logins.close)
	server := httptest.NewServer(e.handler)
	g.t.Cleanup(server.Close)
	return server.URL
}

func (g *gateTown) openPool(connections int32, schema string) *pgxpool.Pool {
	g.t.Helper()
	config, err := pgxpool.ParseConfig(g.storage.databaseURL)
	if err != nil {
		g.t.Fatal(err)
	}
	config.MaxConns = connections
	pool, err := pgxpool.NewWithConfig(g.t.Context(), config)
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(pool.Close)
	if _, err := pool.Exec(g.t.Context(), schema); err != nil {
		g.t.Fatal(err)
	}
	return pool
}

// visitors are HTTP clients that keep their connections.
func visitors(t testing.TB, connections int) *http.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConns: connections, MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// ask sends one request in the author's name and throws the answer away.
func (a author) ask(ctx context.Context, client *http.Client, method, url, body string) error {
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+a.token)
	if method == http.MethodPost {
		req.Header.Set("Idempotency-Key", uuid.NewString())
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		answer, err := io.ReadAll(resp.Body)
		return fmt.Errorf("%s %s: %s %s %w", method, url, resp.Status, answer, err)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
