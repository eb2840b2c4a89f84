package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	projectionlist "github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
	"github.com/jejak-kinerja/jejak/projections/engine"
	"github.com/jejak-kinerja/jejak/projections/personpage"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
	"github.com/jejak-kinerja/jejak/projections/unitpage"
)

const (
	// loopRate and loopFor are a busy city's writing: an open loop, so that a slow
	// answer does not hold back the next question.
	loopRate = 50
	loopFor  = 20 * time.Second
)

// reportAndSee writes a report and reads it back, waiting until it shows.
func (a author) reportAndSee(ctx context.Context, url, key string) (time.Duration, error) {
	begin := time.Now()
	do := func(method, path, body string) (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, method, url+path, strings.NewReader(body))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+a.token)
		if method == http.MethodPost {
			req.Header.Set("Idempotency-Key", key)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err == nil && resp.StatusCode/100 != 2 {
			err = fmt.Errorf("%s %s: %s %s", method, path, resp.Status, answer)
		}
		return resp, err
	}
	written, err := do(http.MethodPost, "/v1/reports", `{"text":"Laporan `+key+`","quantity_hundredths":100,"measure":"berkas"}`)
	if err != nil {
		return 0, err
	}
	read, err := do(http.MethodGet, "/v1/people/"+a.person+"/reports?limit=1&min_position="+written.Header.Get("Jejak-Position"), "")
	if err == nil && read.Header.Get("Jejak-Stale") == "true" {
		err = fmt.Errorf("%s did not show in time", key)
	}
	return time.Since(begin), err
}

func TestMeasureCommandToVisibleReadModel(t *testing.T) {
	measureOnly(t)
	p := serve(t, stateDir(t), "--demo", "--people", "24")
	p.seeded()
	people := authors(t, p, 8)
	anchor := syncTime(t)
	var (
		mu   sync.Mutex
		took []time.Duration
		work sync.WaitGroup
	)
	tick := time.NewTicker(time.Second / loopRate)
	defer tick.Stop()
	for n := range int(loopRate * loopFor / time.Second) {
		<-tick.C
		work.Go(func() {
			d, err := people[n%len(people)].reportAndSee(t.Context(), p.url, fmt.Sprint("measure-", n))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, d)
		})
	}
	work.Wait()
	if len(took) == 0 {
		t.Fatal("nothing was measured")
	}
	slices.Sort(took)
	p50, p99 := quantile(took, 0.5), quantile(took, 0.99)
	t.Logf("command to visible read model, %d at %d/s over HTTP: p50 %v, p99 %v (goal p50 < 20 ms, p99 < 100 ms); fsync p50 %v, p50 is %.1f times that",
		len(took), loopRate, p50, p99, anchor, float64(p50)/float64(anchor))
}

// longHistory is a city with somewhat more than 100,000 facts.
var longHistory = projectiontest.Size{People: 2500, Units: 60, Steps: 90_000, Pace: 2 * time.Minute}

// appenders fill the log at once; the node groups their appends.
const appenders = 64

// openSilent opens the rooms of a test; close ends them.
func openSilent(t *testing.T, config *Config) (r *rooms, close func()) {
	t.Helper()
	r, err := openRooms(t.Context(), config, slog.New(slog.DiscardHandler), false)
	if err != nil {
		t.Fatal(err)
	}
	return r, func() {
		if err := r.close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}
}

// pageModels are the read models of the city's, a unit's and a person's page, and
// of the trail with everybody's timeline.
var pageModels = []string{cityhome.Name, unitpage.Name, personpage.Name, audittrail.Name}

// TestMeasureCatchUp fills read models from a long log, as a new version of one
// does: first the four of the pages, then all.
func TestMeasureCatchUp(t *testing.T) {
	measureOnly(t)
	tuneMemory()
	config := &Config{StateDir: stateDir(t), Zone: "Asia/Jakarta"}
	if err := config.check(); err != nil {
		t.Fatal(err)
	}
	r, end := openSilent(t, config)
	defer end()
	appendAll(t, r, projectiontest.History(t, 9, longHistory))
	all := projectionlist.All()
	four := slices.DeleteFunc(slices.Clone(all), func(p projections.Projection) bool { return !slices.Contains(pageModels, p.Name) })
	for _, list := range [][]projections.Projection{four, all, four, all} {
		measureCatchUp(t, r, config.StateDir, list)
	}
}

// measureCatchUp makes the read models anew and fills them.
func measureCatchUp(t *testing.T, r *rooms, stateDir string, list []projections.Projection) {
	t.Helper()
	if _, err := r.pool.Exec(t.Context(), `drop schema readmodel cascade`); err != nil {
		t.Fatal(err)
	}
	r.pool.Reset() // the connections remember plans for tables that are gone
	var err error
	if r.engine, err = engine.Open(t.Context(), r.pool, list, engine.Options{Log: r.log, NearEnd: r.events.NearEnd}); err != nil {
		t.Fatal(err)
	}
	head, err := r.events.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	carried := make(chan error, 1)
	before, begin := cpuNow(t, stateDir), time.Now()
	go func() { carried <- r.carry(ctx) }()
	if err := r.engine.WaitAll(ctx, head); err != nil {
		t.Error(err)
	}
	took, used := time.Since(begin), cpuNow(t, stateDir).since(before, head)
	cancel()
	if err := <-carried; err != nil {
		t.Error(err)
	}
	if parked, err := r.engine.Parked(t.Context()); err != nil || len(parked) > 0 {
		t.Errorf("parked: %v, %v", parked, err)
	}
	t.Logf("catch-up of %d read models from %d events in %v: %.0f events/s (goal >= 10,000 for the four); %s",
		len(list), head, took.Round(time.Millisecond), float64(head)/took.Seconds(), used)
}

// appendAll stores the facts stream by stream.
func appendAll(t *testing.T, r *rooms, facts []domain.Recorded) {
	t.Helper()
	streams := map[string][]commands.NewEvent{}
	var order []string
	for _, f := range facts {
		if streams[f.Stream] == nil {
			order = append(order, f.Stream)
		}
		streams[f.Stream] = append(streams[f.Stream], commands.NewEvent{ID: f.ID, Body: f.Body, Meta: f.Meta})
	}
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(appenders)
	for _, stream := range order {
		group.Go(func() error {
			after := int64(commands.Empty)
			for part := range slices.Chunk(streams[stream], commands.MaxEventsPerCommand) {
				if _, err := r.events.Append(ctx, stream, after, part); err != nil {
					return fmt.Errorf("append to %s: %w", stream, err)
				}
				after += int64(len(part))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}
