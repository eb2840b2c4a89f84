package directory

import (
	"context"
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/projections"
)

// MaxPeople bounds one look-up of people by their ids: a page and all who are named on it.
const MaxPeople = 2000

// A person as of day $1: personFields of the people p, with onDay.
const (
	personFields = `
select p.person, p.employment, p.invented, coalesce(h.post, '') as post, coalesce(h.title, '') as title,
	coalesce(h.level, '') as level, coalesce(h.unit, '') as unit, coalesce(n.name, '') as unit_name,
	coalesce(l.superior, '') as superior, r.roles, p.questioned, p.last_day, p.destroyed,
	greatest(p.position, h.position, l.changed, r.position) as position, p.revision
from `
	onDay = ` p
left join lateral (
	select post, title, level, unit, position from directory_v3_post h
	where h.person = p.person and h.acting = '' and h.from_day <= $1 and (h.until_day = '' or h.until_day >= $1)
	order by position desc limit 1) h on true
left join lateral (
	select name from directory_v3_unit_name n where n.unit = h.unit and n.from_day <= $1
	order by from_day desc, position desc limit 1) n on true
left join lateral (
	select superior, changed from directory_v3_line l where l.person = p.person and l.from_day <= $1
	order by from_day desc, position desc limit 1) l on true
cross join lateral (
	select coalesce(array_agg(distinct role order by role), '{}') as roles, max(position) as position
	from directory_v3_role r where r.person = p.person and r.from_day <= $1 and (r.until_day = '' or r.until_day >= $1)) r
`
	personOnSQL = personFields + `directory_v3_person` + onDay
)

// A list of people is hidden from PostgreSQL in a subquery: it would plan anew for
// every list that it sees, which takes longer than reading twenty people.
//
// Lists show people in service on the day. Those of a unit and of a superior begin
// with the few who may be meant, in order: an array and a subquery of its own keep
// PostgreSQL from going through everybody, whatever it believes of their number,
// and from looking at more than a page.
const (
	serving   = ` (p.last_day = '' or p.last_day >= $1)`
	personSQL = personOnSQL + `where p.person = $2`
	peopleSQL = personOnSQL + `where p.person = any(array(select unnest($2::text[])))`
	staffSQL  = personFields + `(select * from directory_v3_person p where person = any(array(
			select person from directory_v3_post where unit = $2 and acting = '' and from_day <= $1 and (until_day = '' or until_day >= $1)))
		and person > $3 and` + serving + ` order by person offset 0)` + onDay + `where h.unit = $2 order by p.person limit $4`
	servantsSQL    = personOnSQL + `where p.person > $2 and` + serving + ` order by p.person limit $3`
	subordinateSQL = personFields + `(select * from directory_v3_person p where person = any(array(
			select person from directory_v3_line where superior = $2 and from_day <= $1))
		and person > $3 and` + serving + ` order by person offset 0)` + onDay + `where l.superior = $2 order by p.person limit $4`
	exceptionSQL = personOnSQL + `where (p.questioned or l.superior is null) and p.person > $2 and` + serving + ` order by p.person limit $3`
)

// FindPerson gives one person as of a day, also one who has left; NotFound when
// there is no such person.
func FindPerson(ctx context.Context, q projections.Querier, on domain.Date, id domain.PersonID) (Person, error) {
	rows, _ := q.Query(ctx, personSQL, on, id)
	found, err := projections.Collect[Person](rows)
	if err != nil {
		return Person{}, fmt.Errorf("find a person: %w", err)
	}
	if len(found) == 0 {
		return Person{}, domain.Missing("person-unknown", "no such person")
	}
	return found[0], nil
}

// Standing is what decides what somebody may do on a day.
type Standing struct {
	Unit  domain.UnitID
	Roles []person.Role
	// LastDay of service; empty while nobody has said when it ends.
	LastDay domain.Date
}

// standingSQL asks for less than personSQL: every request does, for its caller.
const standingSQL = `
select coalesce((
		select unit from directory_v3_post h
		where h.person = p.person and h.acting = '' and h.from_day <= $1 and (h.until_day = '' or h.until_day >= $1)
		order by position desc limit 1), '') as unit,
	array(select distinct role from directory_v3_role r
		where r.person = p.person and r.from_day <= $1 and (r.until_day = '' or r.until_day >= $1) order by role) as roles,
	p.last_day
from directory_v3_person p where p.person = $2`

// FindStanding gives the standing of one person on a day; NotFound when there is no
// such person.
func FindStanding(ctx context.Context, q projections.Querier, on domain.Date, id domain.PersonID) (Standing, error) {
	rows, _ := q.Query(ctx, standingSQL, on, id)
	found, err := projections.Collect[Standing](rows)
	if err != nil {
		return Standing{}, fmt.Errorf("find a person's standing: %w", err)
	}
	if len(found) == 0 {
		return Standing{}, domain.Missing("person-unknown", "no such person")
	}
	return found[0], nil
}

// FindPeople gives the people of the ids that exist, at most MaxPeople.
func FindPeople(ctx context.Context, q projections.Querier, on domain.Date, ids []domain.PersonID) (map[domain.PersonID]Person, error) {
	if len(ids) > MaxPeople {
		return nil, domain.Bad("person", "too-many", "at most %d people at once", MaxPeople)
	}
	rows, _ := q.Query(ctx, peopleSQL, on, ids)
	people, err := projections.Collect[Person](rows)
	if err != nil {
		return nil, fmt.Errorf("find people: %w", err)
	}
	found := make(map[domain.PersonID]Person, len(people))
	for _, p := range people {
		found[p.Person] = p
	}
	return found, nil
}

// Staff lists the people in service whose main post is in the unit on the day; an
// empty unit gives everybody in service. Ordered by id.
func Staff(ctx context.Context, q projections.Querier, on domain.Date, unit domain.UnitID, page projections.Page) (projections.Rows[Person], error) {
	if unit == "" {
		return list(ctx, q, page, "staff", func(after string) (string, []any) { return servantsSQL, []any{on, after} })
	}
	return list(ctx, q, page, "staff", func(after string) (string, []any) { return staffSQL, []any{on, unit, after} })
}

// Subordinates lists the people in service whose direct superior this is on the day.
func Subordinates(ctx context.Context, q projections.Querier, on domain.Date, superior domain.PersonID, page projections.Page) (projections.Rows[Person], error) {
	return list(ctx, q, page, "subordinates", func(after string) (string, []any) { return subordinateSQL, []any{on, superior, after} })
}

// Exceptions lists the people in service without a superior on file, or who say
// that the one on file is wrong: work for BKPSDM.
func Exceptions(ctx context.Context, q projections.Querier, on domain.Date, page projections.Page) (projections.Rows[Person], error) {
	return list(ctx, q, page, "exceptions", func(after string) (string, []any) { return exceptionSQL, []any{on, after} })
}

func list(ctx context.Context, q projections.Querier, page projections.Page, what string, query func(after string) (string, []any)) (projections.Rows[Person], error) {
	var after string
	if err := page.Key(&after); err != nil {
		return projections.Rows[Person]{}, err
	}
	sql, args := query(after)
	rows, _ := q.Query(ctx, sql, append(args, page.Size()+1)...)
	people, err := projections.Collect[Person](rows)
	if err != nil {
		return projections.Rows[Person]{}, fmt.Errorf("list %s: %w", what, err)
	}
	return projections.Cut(page, people, func(p Person) any { return p.Person })
}
