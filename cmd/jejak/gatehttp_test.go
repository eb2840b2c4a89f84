package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/commands/memstore"
	"github.com/jejak-kinerja/jejak/internal/bench"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

const gateConnections = 64

// reporting is the variant in which every connection sends one report after the other.
func (g *gateTown) reporting(name, url string) bench.Variant {
	client := visitors(g.t, gateConnections)
	return bench.Calls(name, gateConnections, func(ctx context.Context, caller int) (int, error) {
		return 1, g.authors[caller%len(g.authors)].ask(ctx, client, http.MethodPost, url+"/v1/reports",
			`{"text":"Laporan harian tentang berkas yang selesai","quantity_hundredths":100,"measure":"berkas"}`)
	})
}

// TestGateCommandOverHTTP leaves the read models standing still, on all sides.
func TestGateCommandOverHTTP(t *testing.T) {
	setup := bench.Asked(t, "G5")
	const (
		memoryName  = "same endpoint, events in memory"
		productName = "POST /v1/reports -> node"
		plainName   = "same endpoint, plain INSERT"
		connections = 24 // the private server has 100, and the product its pools
	)
	g := openTown(t)
	memory := memstore.New(g.catalog, clock.Now)
	plain := plainStore{g.openPool(connections, plainStoreTable), g.catalog}
	if err := g.copyLog(t.Context(), memory); err != nil {
		t.Fatal(err)
	}
	if err := g.copyLog(t.Context(), plain); err != nil {
		t.Fatal(err)
	}
	plan := bench.Plan{
		Meter: bench.Processes(g.storage.server.PID()),
		Variants: []bench.Variant{
			g.reporting(memoryName, g.serveOn(memory)),
			g.reporting(productName, g.serveOn(g.events)),
			g.reporting(plainName, g.serveOn(plain)),
		},
	}
	gate := func(what string, must, target bench.Bound) bench.Gate {
		return bench.Gate{ID: "G5", What: "report over HTTP, 64 connections, " + what, Must: must, Target: target}
	}
	setup.Measure(t, plan,
		bench.Check{Of: productName, To: plainName, Metric: bench.Rate, Gate: gate("rate over a plain INSERT's", bench.AtLeast(1), bench.AtLeast(1.5))},
		bench.Check{Of: productName, To: plainName, Metric: bench.Quantile(0.99), Pooled: true, Gate: gate("p99 over a plain INSERT's", bench.AtMost(1), bench.Bound{})},
		bench.Check{Of: productName, To: memoryName, Metric: bench.Rate, Gate: gate("rate over that in memory", bench.Bound{}, bench.Bound{})},
	)
}

// withoutDatabase serves an answer of the product from memory, encoded anew each
// time, by huma on chi: the limit of any GET.
func withoutDatabase(t testing.TB, answer []byte) (url string) {
	t.Helper()
	var content any
	if err := json.Unmarshal(answer, &content); err != nil {
		t.Fatal(err)
	}
	router := chi.NewRouter()
	api := humachi.New(router, huma.DefaultConfig("limit", "1"))
	type output struct{ Body any }
	huma.Register(api, huma.Operation{OperationID: "get", Method: http.MethodGet, Path: "/answer"},
		func(context.Context, *struct{}) (*output, error) { return &output{content}, nil })
	server := httptest.NewServer(router)
	t.Cleanup(server.Close)
	return server.URL + "/answer"
}

func (g *gateTown) getting(name string, connections int, url func(a author) string) bench.Variant {
	client := visitors(g.t, connections)
	return bench.Calls(name, connections, func(ctx context.Context, caller int) (int, error) {
		a := g.authors[caller%len(g.authors)]
		return 1, a.ask(ctx, client, http.MethodGet, url(a), "")
	})
}

func TestGateDashboardOverHTTP(t *testing.T) {
	setup := bench.Asked(t, "G13")
	const (
		limitName   = "GET without a database, 64 connections"
		productName = "GET /v1/people/{person}, 64 connections"
		listName    = "GET /v1/people/{person}/reports, 64 connections"
		oneName     = "GET /v1/people/{person}, 1 connection"
		selectName  = "select 1"
	)
	g := openTown(t)
	product := g.serveOn(g.events)
	person := func(a author) string { return product + "/v1/people/" + a.person }
	limit := withoutDatabase(t, g.answerOf(person(g.authors[0])))
	one := g.openPool(1, "select 1")
	plan := bench.Plan{
		Meter: bench.Processes(g.storage.server.PID()),
		Variants: []bench.Variant{
			g.getting(limitName, gateConnections, func(author) string { return limit }),
			g.getting(productName, gateConnections, person),
			g.getting(listName, gateConnections, func(a author) string { return person(a) + "/reports?limit=20" }),
			g.getting(oneName, 1, person),
			bench.Calls(selectName, 1, func(ctx context.Context, _ int) (n int, err error) {
				return 1, one.QueryRow(ctx, "select 1").Scan(&n)
			}),
		},
	}
	gate := func(what string, must, target bench.Bound) bench.Gate {
		return bench.Gate{ID: "G13", What: "person over HTTP, " + what, Must: must, Target: target}
	}
	setup.Measure(t, plan,
		bench.Check{Of: productName, To: limitName, Metric: bench.Rate, Gate: gate("rate over a GET without a database", bench.AtLeast(0.25), bench.AtLeast(0.35))},
		bench.Check{Of: listName, To: limitName, Metric: bench.Rate, Gate: gate("the same for a list of reports", bench.Bound{}, bench.Bound{})},
		bench.Check{Of: oneName, To: selectName, Metric: bench.Quantile(0.5), Gate: gate("1 connection, p50 over select 1's", bench.AtMost(4), bench.Bound{})},
	)
}

func (g *gateTown) answerOf(url string) []byte {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+g.authors[0].token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		g.t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	return answer
}
