package catalog_test

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/engine"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

var town = projectiontest.Size{People: 15, Units: 4, Steps: 1500, Pace: 2 * time.Hour}

// city has the size of the real one and some 100,000 facts.
var city = projectiontest.Size{People: 2500, Units: 60, Steps: 85_000, Pace: 2 * time.Minute}

func TestNamesAndTablesAreUniqueAndVersioned(t *testing.T) {
	var names []string
	for _, p := range catalog.All() {
		names = append(names, p.Name)
		for _, table := range p.Tables {
			if !strings.HasPrefix(table, p.Name+"_") {
				t.Errorf("table %s does not begin with %s", table, p.Name)
			}
		}
		names = append(names, p.Tables...)
	}
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("a name is used twice: %v", names)
	}
}

func TestASecondDeliveryOfEachFactChangesNothing(t *testing.T) {
	facts := projectiontest.History(t, 7, town)
	once := projectiontest.Open(t, pgtest.URL(t), catalog.All()...)
	projectiontest.Apply(t, once, facts, catalog.All()...)
	twice := projectiontest.Open(t, pgtest.URL(t), catalog.All()...)
	var doubled []domain.Recorded
	for _, fact := range facts {
		doubled = append(doubled, fact, fact)
	}
	projectiontest.Apply(t, twice, doubled, catalog.All()...)
	for _, p := range catalog.All() {
		if projectiontest.Content(t, once, p) != projectiontest.Content(t, twice, p) {
			t.Errorf("%s counts a fact twice", p.Name)
		}
	}
}

func TestARebuiltReadModelEqualsTheLiveOne(t *testing.T) {
	recorded := projectiontest.History(t, 8, town)
	facts := make([]engine.Fact, len(recorded))
	for i, r := range recorded {
		facts[i] = engine.Fact{Recorded: r}
	}
	pool, err := engine.Connect(t.Context(), pgtest.URL(t), 4)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	e, err := engine.Open(t.Context(), pool, catalog.All(), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range catalog.All() {
		for n, after := 1, 0; after < len(facts); n++ { // live: batches of 1, 2, 3, …
			until := min(after+n, len(facts))
			if err := e.Handle(t.Context(), p.Name, uint64(after), facts[after:until]); err != nil {
				t.Fatal(err)
			}
			after = until
		}
		live, rows, err := e.Content(t.Context(), p.Name)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Rebuild(t.Context(), p.Name, from(facts)); err != nil {
			t.Fatal(err)
		}
		if rebuilt, _, err := e.Content(t.Context(), p.Name); err != nil || rebuilt != live || rows == 0 {
			t.Errorf("%s: rebuilt %s, live %s of %d rows, %v", p.Name, rebuilt, live, rows, err)
		}
	}
	if parked, err := e.Parked(t.Context()); err != nil || len(parked) > 0 {
		t.Errorf("parked: %v, %v", parked, err)
	}
}

func from(facts []engine.Fact) engine.Read {
	return func(_ context.Context, after uint64) iter.Seq2[[]engine.Fact, error] {
		return func(yield func([]engine.Fact, error) bool) {
			for part := range slices.Chunk(facts[after:], 1000) {
				if !yield(part, nil) {
					return
				}
			}
		}
	}
}

// BenchmarkAll fills all read models with a realistic mix of facts, each on its
// own connection, as the program does.
func BenchmarkAll(b *testing.B) {
	facts := projectiontest.History(b, 9, city)
	for b.Loop() {
		b.StopTimer()
		pool := projectiontest.Open(b, pgtest.URL(b), catalog.All()...)
		b.StartTimer()
		var all sync.WaitGroup
		for _, p := range catalog.All() {
			all.Go(func() { projectiontest.Apply(b, pool, facts, p) })
		}
		all.Wait()
		b.StopTimer()
		pool.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(len(facts))*float64(b.N)/b.Elapsed().Seconds(), "facts/s")
}

// BenchmarkEach fills one read model at a time.
func BenchmarkEach(b *testing.B) {
	facts := projectiontest.History(b, 9, city)
	for _, p := range catalog.All() {
		b.Run(p.Name, func(b *testing.B) { fill(b, facts, p) })
	}
}

func fill(b *testing.B, facts []domain.Recorded, p projections.Projection) {
	for b.Loop() {
		b.StopTimer()
		pool := projectiontest.Open(b, pgtest.URL(b), p)
		b.StartTimer()
		projectiontest.Apply(b, pool, facts, p)
		b.StopTimer()
		pool.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(len(facts))*float64(b.N)/b.Elapsed().Seconds(), "facts/s")
}
