package audittrail

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// TestAStreamReadsTheSameFromTheTrailAsFromTheLog holds every fact of every stream,
// its body decoded and its metadata, to what was stored.
func TestAStreamReadsTheSameFromTheTrailAsFromTheLog(t *testing.T) {
	facts := projectiontest.History(t, 5, projectiontest.Size{People: 8, Units: 3, Steps: 400})
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	projectiontest.Apply(t, pool, facts, Projection())
	known, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	streams := map[string][]domain.Recorded{}
	for _, f := range facts {
		f.Meta.Trace = ""
		streams[f.Stream] = append(streams[f.Stream], f)
	}
	shown := Streams{Read: pool, Catalog: known}
	for _, stream := range slices.Sorted(maps.Keys(streams)) {
		got, err := shown.Load(t.Context(), stream)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(streams[stream]) {
			t.Fatalf("%s has %d facts in the trail, want %d", stream, len(got), len(streams[stream]))
		}
		for i, want := range streams[stream] {
			have := got[i]
			for _, at := range []*domain.Recorded{&have, &want} { // the same instants, whatever their location
				at.StoredAt, at.Meta.RecordedAt, at.Meta.EffectiveAt = at.StoredAt.UTC(), at.Meta.RecordedAt.UTC(), at.Meta.EffectiveAt.UTC()
			}
			if !have.StoredAt.Equal(want.StoredAt) || string(have.Data) != string(want.Data) {
				t.Errorf("%s at %d: stored at %v, %s; want %v, %s", stream, i, have.StoredAt, have.Data, want.StoredAt, want.Data)
			}
			have.StoredAt, have.Data, want.Data = want.StoredAt, nil, nil
			if !reflect.DeepEqual(have, want) {
				t.Errorf("%s at %d:\n%+v, want\n%+v", stream, i, have, want)
			}
		}
	}
	if len(streams) < 30 {
		t.Fatalf("only %d streams: nothing was proved", len(streams))
	}
	if none, err := shown.Load(t.Context(), "plan-nobody"); err != nil || len(none) > 0 {
		t.Errorf("a stream that is not there gives %v, %v", none, err)
	}
}

func TestAStreamThatLacksAFactIsNotFolded(t *testing.T) {
	facts := projectiontest.History(t, 6, projectiontest.Size{People: 4, Units: 2, Steps: 100})
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	projectiontest.Apply(t, pool, facts, Projection())
	known, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(facts, func(f domain.Recorded) bool { return f.Revision == 1 })
	if _, err := pool.Exec(t.Context(), `delete from audittrail_v3_fact where stream = $1 and revision = 0`, facts[i].Stream); err != nil {
		t.Fatal(err)
	}
	if _, err := (Streams{Read: pool, Catalog: known}).Load(t.Context(), facts[i].Stream); !errors.Is(err, ErrIncomplete) {
		t.Errorf("a stream without its first fact gives %v", err)
	}
}

func TestTheNewestFactTellsItsTime(t *testing.T) {
	facts := projectiontest.History(t, 7, projectiontest.Size{People: 2, Units: 1, Steps: 20})
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	if at, err := Newest(t.Context(), pool); err != nil || !at.IsZero() {
		t.Errorf("an empty trail has its newest fact at %v, %v", at, err)
	}
	projectiontest.Apply(t, pool, facts, Projection())
	if at, err := Newest(t.Context(), pool); err != nil || !at.Equal(facts[len(facts)-1].StoredAt) {
		t.Errorf("the newest fact was stored at %v (%v), want %v", at, err, facts[len(facts)-1].StoredAt)
	}
}
