package directory

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// personasEach is how many people a role shows: a choice, not a list.
const personasEach = 2

// personasSQL ranks the invented people in service: by role; as head of a unit;
// as superior of most people; and as employee with a superior and nobody below.
const personasSQL = `
with now as (` + personOnSQL + ` where p.invented and` + serving + `),
	below as (
		select superior, count(*) as people from now where superior <> '' group by superior),
	head as (
		select h.person from directory_v3_unit u join lateral (` + headOnSQL + `) h on true),
	candidate as (
		select role as "as", now.person, 0::bigint as rank from now, unnest(now.roles) as role
		union all select 'kepala-unit', person, 0 from now
			where person in (select person from head) and cardinality(roles) = 0
		union all select 'atasan', now.person, -people from now join below on below.superior = now.person
			where cardinality(roles) = 0 and now.person not in (select person from head)
		union all select 'pegawai', now.person, 0 from now
			where superior <> '' and unit <> '' and cardinality(roles) = 0 and person not in (select superior from below)
				and person not in (select person from head)),
	chosen as (
		select "as", person, row_number() over (partition by "as" order by rank, person) as place from candidate)
select chosen."as", now.* from chosen join now using (person) where place <= $2 order by "as", place`

// Personas gives invented people to log in as, a few for each role of the city
// and for employee, superior and head of a unit. Empty when nobody is invented.
func Personas(ctx context.Context, q projections.Querier, on domain.Date) ([]Persona, error) {
	rows, _ := q.Query(ctx, personasSQL, on, personasEach)
	personas, err := pgx.CollectRows(rows, pgx.RowToStructByName[Persona])
	if err != nil {
		return nil, fmt.Errorf("list the personas: %w", err)
	}
	return personas, nil
}
