package projections_test

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

// wide has a field of every kind that rows have.
type wide struct {
	Person   domain.PersonID
	On       domain.Date
	Amount   domain.Decimal
	Position uint64
	Version  int
	Active   bool
	Evidence []domain.Evidence
	Names    []string
	Target   *domain.Decimal
	ReadAt   *time.Time
	GivenAt  time.Time
	Unasked  string
}

const wideSQL = `select 'p' || n as person, '2026-01-0' || n as "on", n * 100 as amount, n::bigint as position, n as version, n > 1 as active,
	case when n = 1 then '[{"digest": "d", "media_type": "m", "size_bytes": 3}]'::jsonb else '[]' end as evidence,
	case when n = 1 then '{a,b}'::text[] else '{c}' end as names, case when n = 1 then 700::bigint end as target,
	case when n = 1 then '2026-01-05 01:00:00+00'::timestamptz end as read_at, '2026-01-05 01:00:00+00'::timestamptz as given_at
	from generate_series(1, $1::int) n`

func TestRowsAreCollectedAsPgxReadsThem(t *testing.T) {
	pool := projectiontest.Open(t, pgtest.URL(t))
	for _, n := range []int{0, 1, 3} {
		rows, _ := pool.Query(t.Context(), wideSQL, n)
		want, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[wide])
		if err != nil {
			t.Fatal(err)
		}
		rows, _ = pool.Query(t.Context(), wideSQL, n)
		got, err := projections.Collect[wide](rows)
		if err != nil || got == nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%d rows are %+v, %v, pgx reads %+v", n, got, err, want)
		}
	}
}

func TestRowsThatDoNotFitAreRefused(t *testing.T) {
	pool := projectiontest.Open(t, pgtest.URL(t))
	for what, sql := range map[string]string{
		"a column without a field": `select 'p1' as person, 1 as surprise`,
		"a null in a text":         `select null::text as person`,
		"a text in a number":       `select 'one' as version`,
		"what is no query":         `selec`,
		"a fault on the way":       `select 1 / (2 - n) as version from generate_series(1, 3) n`,
	} {
		rows, _ := pool.Query(t.Context(), sql)
		if got, err := projections.Collect[wide](rows); err == nil {
			t.Errorf("%s gives %+v", what, got)
		}
	}
}
