package audittrail

import (
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// recordSQL gives facts as the decoder reads them, columnsSQL column by column.
const (
	recordSQL  = entrySQL + ` order by f.position`
	columnsSQL = `select * from audittrail_v3_fact order by position`
)

func TestTheDecoderReadsWhatTheColumnsHold(t *testing.T) {
	facts := projectiontest.History(t, 5, projectiontest.Size{People: 5, Units: 2, Steps: 300, Pace: time.Hour})
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	projectiontest.Apply(t, pool, facts, Projection())
	rows, _ := pool.Query(t.Context(), columnsSQL)
	want, err := projections.Collect[Entry](rows)
	if err != nil {
		t.Fatal(err)
	}
	rows, _ = pool.Query(t.Context(), recordSQL)
	got, err := pgx.CollectRows(rows, toEntry)
	if err != nil || len(got) != len(facts) || len(want) != len(facts) {
		t.Fatalf("%d and %d facts of %d, %v", len(got), len(want), len(facts), err)
	}
	for n := range want {
		for _, at := range []*time.Time{&want[n].RecordedAt, &want[n].EffectiveAt, &want[n].StoredAt} {
			*at = at.UTC()
		}
		if !reflect.DeepEqual(got[n], want[n]) {
			t.Fatalf("decoded\n%+v\nthe columns hold\n%+v", got[n], want[n])
		}
	}
}

// record is a fact whose every text is its column's number.
func record() []byte {
	raw := []byte{0, 0, 0, columns}
	for n := range columns {
		value := []byte{byte('a' + n)}
		switch n {
		case 0, 2, 5, 6, 8:
			value = []byte{0, 0, 0, 0, 0, 0, 0, byte(n + 1)}
		}
		raw = append(append(raw, 0, 0, 0, 25, 0, 0, 0, byte(len(value))), value...)
	}
	return raw
}

func TestADecoderRefusesWhatIsCutOrTooLong(t *testing.T) {
	whole := record()
	d := newDecoder(whole)
	if e := d.entry(); d.err != nil || d.more() || e.Position != 1 || e.Stream != "b" || string(e.Body) != "~" || e.Reason != domain.Sealed("n") {
		t.Fatalf("%+v, %v", e, d.err)
	}
	for n := range len(whole) {
		d := newDecoder(whole[:n])
		if d.entry(); d.err == nil {
			t.Errorf("%d of %d bytes are no fault", n, len(whole))
		}
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add(record())
	f.Add(append(record(), record()...))
	f.Add([]byte{0, 0, 0, columns, 0, 0, 0, 20, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, raw []byte) {
		d := newDecoder(raw)
		for n := 0; d.more(); n++ {
			if d.entry(); n > len(raw) {
				t.Fatal("the decoder stands still")
			}
		}
		if d.err == nil && d.at != len(raw) {
			t.Errorf("%d of %d bytes were read", d.at, len(raw))
		}
	})
}
