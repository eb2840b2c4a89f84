package unitpage

import (
	"context"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// heardSQL is one row for each person of unit $2 in service on day $1 with the
// last day of feedback.
var heardSQL = `select s.person, coalesce(h.day, '') as last, coalesce(h.day, s.since) as since,
		greatest(s.position, h.position) as position
	from (` + projections.StaffOn(Name, "$1") + `) s left join lateral (
		select day, position from unitpage_v3_heard h where h.person = s.person and h.day <= $1
		order by day desc limit 1) h on true
	where s.unit = $2`

var (
	silentSQL = `select * from (` + heardSQL + `) s
		where since <= $3 and (since, person) > ($4, $5) order by since, person limit $6`
	silentCountSQL = `select $2::text as unit, $1::text as on, $4::int as days, count(*) filter (where since <= $3) as silent,
		count(*) as staff, coalesce(max(position), 0) as position from (` + heardSQL + `) s`
)

const (
	waitingSQL = `select report, person, superior, on_day as on, since, position from unitpage_v3_report
		where unit = $1 and turn = 'superior' and (since, report) > ($2, $3) order by since, report limit $4`
	waitingCountSQL = `select $1::text as unit, count(*) as reports, coalesce(min(since), '0001-01-01 00:00:00+00') as oldest,
		coalesce(max(position), 0) as position from unitpage_v3_report where unit = $1 and turn = 'superior'`
)

// SilentStaff lists the people of the unit who had no feedback in the days before
// a day, the longest silence first.
func SilentStaff(ctx context.Context, q projections.Querier, on domain.Date, days int, unit domain.UnitID, page projections.Page) (projections.Rows[Silent], error) {
	var after [2]string
	if err := page.Key(&after); err != nil {
		return projections.Rows[Silent]{}, err
	}
	silent, err := collect[Silent](ctx, q, "list staff without feedback", silentSQL,
		on, unit, on.AddDays(-days), after[0], after[1], page.Size()+1)
	if err != nil {
		return projections.Rows[Silent]{}, err
	}
	return projections.Cut(page, silent, func(s Silent) any { return [2]string{string(s.Since), string(s.Person)} })
}

// CountSilent counts them.
func CountSilent(ctx context.Context, q projections.Querier, on domain.Date, days int, unit domain.UnitID) (SilentCount, error) {
	return one[SilentCount](ctx, q, "count staff without feedback", silentCountSQL, on, unit, on.AddDays(-days), days)
}

// WaitingReports lists the unit's reports that wait for the superior, the longest first.
func WaitingReports(ctx context.Context, q projections.Querier, unit domain.UnitID, page projections.Page) (projections.Rows[Waiting], error) {
	var after struct {
		Since  time.Time
		Report domain.ReportID
	}
	if err := page.Key(&after); err != nil {
		return projections.Rows[Waiting]{}, err
	}
	waiting, err := collect[Waiting](ctx, q, "list waiting reports", waitingSQL, unit, after.Since, after.Report, page.Size()+1)
	if err != nil {
		return projections.Rows[Waiting]{}, err
	}
	return projections.Cut(page, waiting, func(w Waiting) any {
		after.Since, after.Report = w.Since, w.Report
		return after
	})
}

// CountWaiting counts them.
func CountWaiting(ctx context.Context, q projections.Querier, unit domain.UnitID) (WaitingCount, error) {
	return one[WaitingCount](ctx, q, "count waiting reports", waitingCountSQL, unit)
}

// one reads a figure that always has exactly one row.
func one[T any](ctx context.Context, q projections.Querier, what, sql string, args ...any) (T, error) {
	found, err := collect[T](ctx, q, what, sql, args...)
	if err != nil || len(found) == 0 {
		var none T
		return none, err
	}
	return found[0], nil
}
