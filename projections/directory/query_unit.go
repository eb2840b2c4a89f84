package directory

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// headOnSQL gives who leads unit u on day $1: whoever acts before the definitive
// head, of several the one named last, and nobody after the unit's last day.
const headOnSQL = `
	select h.person, h.capacity, h.from_day, h.until_day, h.position from directory_v3_head h
	where h.unit = u.unit and h.from_day <= $1 and (h.until_day = '' or h.until_day >= $1)
		and (u.last_day = '' or u.last_day >= $1)
	order by h.capacity = 'definitif', h.position desc limit 1`

const (
	unitOnSQL = `
select u.unit, u.code, coalesce(n.name, '') as name, u.kind, u.parent, u.from_day as from, u.last_day,
	coalesce(h.person, '') as head, coalesce(h.capacity, '') as capacity, u.aliases, u.origin,
	greatest(u.position, n.position, h.position) as position, u.revision
from directory_v3_unit u
left join lateral (
	select name, position from directory_v3_unit_name n where n.unit = u.unit and n.from_day <= greatest($1, u.from_day)
	order by from_day desc, position desc limit 1) n on true
left join lateral (` + headOnSQL + `) h on true
`
	unitSQL       = unitOnSQL + `where u.unit = $2`
	unitByCodeSQL = unitOnSQL + `where u.code = $2 or $2 = any(u.aliases) order by u.code = $2 desc, u.unit limit 1`
	unitsSQL      = unitOnSQL + `order by u.code, u.unit`
	headSQLOne    = `select u.unit, h.person, h.capacity, h.from_day as from, h.until_day as until, h.position
		from directory_v3_unit u join lateral (` + headOnSQL + `) h on true where u.unit = $2`
	postsSQL = `select h.post, h.title, h.level, h.unit, coalesce(n.name, '') as unit_name, h.acting,
			h.from_day as from, h.until_day as until, h.position
		from directory_v3_post h
		left join lateral (
			select name from directory_v3_unit_name n where n.unit = h.unit order by from_day desc, position desc limit 1) n on true
		where h.person = $1 order by h.from_day, h.position`
	linesSQL = `select superior, from_day as from, corrected, changed as position from directory_v3_line
		where person = $1 order by from_day, directory_v3_line.position`
)

// FindUnit gives one unit as of a day; NotFound when there is none.
func FindUnit(ctx context.Context, q projections.Querier, on domain.Date, id domain.UnitID) (Unit, error) {
	return oneUnit(ctx, q, unitSQL, on, id)
}

// FindUnitByCode gives the unit of an official code, or of an older code that means it.
func FindUnitByCode(ctx context.Context, q projections.Querier, on domain.Date, code string) (Unit, error) {
	return oneUnit(ctx, q, unitByCodeSQL, on, code)
}

func oneUnit(ctx context.Context, q projections.Querier, sql string, args ...any) (Unit, error) {
	rows, _ := q.Query(ctx, sql, args...)
	u, err := pgx.CollectOneRow(rows, pgx.RowToStructByName[Unit])
	if errors.Is(err, pgx.ErrNoRows) {
		return Unit{}, domain.Missing("unit-unknown", "no such unit")
	}
	if err != nil {
		return Unit{}, fmt.Errorf("find a unit: %w", err)
	}
	return u, nil
}

// Units gives all units, closed ones too, ordered by code; a city has some hundreds.
func Units(ctx context.Context, q projections.Querier, on domain.Date) ([]Unit, error) {
	rows, _ := q.Query(ctx, unitsSQL, on)
	units, err := projections.Collect[Unit](rows)
	if err != nil {
		return nil, fmt.Errorf("list the units: %w", err)
	}
	return units, nil
}

// FindHead says who leads the unit on the day; false when nobody does.
func FindHead(ctx context.Context, q projections.Querier, on domain.Date, unit domain.UnitID) (Head, bool, error) {
	rows, _ := q.Query(ctx, headSQLOne, on, unit)
	h, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Head])
	if errors.Is(err, pgx.ErrNoRows) {
		return Head{}, false, nil
	}
	if err != nil {
		return Head{}, false, fmt.Errorf("find the head of a unit: %w", err)
	}
	return h, true, nil
}

// Posts gives every post the person held, holds or will hold, by first day.
func Posts(ctx context.Context, q projections.Querier, id domain.PersonID) ([]Post, error) {
	rows, _ := q.Query(ctx, postsSQL, id)
	posts, err := projections.Collect[Post](rows)
	if err != nil {
		return nil, fmt.Errorf("list a person's posts: %w", err)
	}
	return posts, nil
}

// Lines gives the person's reporting line, past and future, by first day.
func Lines(ctx context.Context, q projections.Querier, id domain.PersonID) ([]Line, error) {
	rows, _ := q.Query(ctx, linesSQL, id)
	lines, err := projections.Collect[Line](rows)
	if err != nil {
		return nil, fmt.Errorf("list a person's reporting line: %w", err)
	}
	return lines, nil
}
