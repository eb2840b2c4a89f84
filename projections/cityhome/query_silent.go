package cityhome

import (
	"context"
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// heardSQL is one row for each person in service on day $1 with the last day of feedback.
var heardSQL = `select s.person, s.unit, coalesce(h.day, '') as last, coalesce(h.day, s.since) as since,
		greatest(s.position, h.position) as position
	from (` + projections.StaffOn(Name, "$1") + `) s left join lateral (
		select day, position from cityhome_v3_heard h where h.person = s.person and h.day <= $1
		order by day desc limit 1) h on true`

var (
	silentSQL = `select * from (` + heardSQL + `) s
		where since <= $2 and ($3 = '' or unit = $3) and (since, person) > ($4, $5) order by since, person limit $6`
	silentCountsSQL = `select unit, count(*) filter (where since <= $2) as silent, count(*) as staff, max(position) as position
		from (` + heardSQL + `) s group by unit order by unit`
)

// SilentStaff lists the people in service on the day who had no feedback in the
// days before it, the longest silence first; of one unit, or of the whole city.
func SilentStaff(ctx context.Context, q projections.Querier, on domain.Date, days int, unit domain.UnitID, page projections.Page) (projections.Rows[Silent], error) {
	var after [2]string
	if err := page.Key(&after); err != nil {
		return projections.Rows[Silent]{}, err
	}
	rows, _ := q.Query(ctx, silentSQL, on, on.AddDays(-days), unit, after[0], after[1], page.Size()+1)
	silent, err := projections.Collect[Silent](rows)
	if err != nil {
		return projections.Rows[Silent]{}, fmt.Errorf("list staff without feedback: %w", err)
	}
	return projections.Cut(page, silent, func(s Silent) any { return [2]string{string(s.Since), string(s.Person)} })
}

// SilentCounts counts them: the whole city, and unit by unit. People without a
// main post are in the city's figure only.
func SilentCounts(ctx context.Context, q projections.Querier, on domain.Date, days int) (SilentCount, []SilentCount, error) {
	city := SilentCount{On: on, Days: days}
	rows, _ := q.Query(ctx, silentCountsSQL, on, on.AddDays(-days))
	counts, err := projections.Collect[SilentCount](rows)
	if err != nil {
		return city, nil, fmt.Errorf("count staff without feedback: %w", err)
	}
	units := make([]SilentCount, 0, len(counts))
	for _, c := range counts {
		city.Silent, city.Staff, city.Position = city.Silent+c.Silent, city.Staff+c.Staff, max(city.Position, c.Position)
		if c.Unit != "" {
			c.On, c.Days = on, days
			units = append(units, c)
		}
	}
	return city, units, nil
}
