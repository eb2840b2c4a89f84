package projections

import (
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
)

// Staffing is the part that several read models share: who is in service and in
// which unit the main post is, on any day. Prefix is the read model's name; its
// tables are <Prefix>_staff and <Prefix>_post. Days are ISO texts, "" is not set.
type Staffing struct {
	schema, register, separate, endMain, assign, endPost string
}

const (
	staffingSchema = `
create table if not exists @_staff (
	person text collate "C" primary key, employment text not null, since text collate "C" not null,
	last_day text collate "C" not null, registered bigint not null, position bigint not null);
create table if not exists @_post (
	person text collate "C", post text, unit text collate "C" not null, acting text not null,
	from_day text collate "C" not null, until_day text collate "C" not null, position bigint not null,
	primary key (person, post));
create index if not exists @_post_unit on @_post (unit);
`
	registerSQL = `insert into @_staff select person, employment, since, '', at, at from r on conflict do nothing`
	separateSQL = `update @_staff set last_day = $2, position = $3 where person = $1 and position < $3`
	endMainSQL  = `update @_post p set until_day = r.last_day from r, {post} f
		where p.ctid = f.place and f.acting = '' and (f.until_day = '' or f.until_day > r.last_day) and f.from_day <= r.last_day and f.position < r.at`
	// A person serves from the first day of a main post, even when registered later.
	assignSQL = `with since as (
			update @_staff s set since = least(s.since, r.from_day) from r, {staff} f where s.ctid = f.place and r.acting = '')
		insert into @_post select person, post, unit, acting, from_day, '', at from r on conflict do nothing`
	endPostSQL = `update @_post set until_day = $3 where person = $1 and post = $2 and position < $4`

	// The main post of a day is the last assigned of those that hold on it; who has
	// none is in no unit, and assigned is the registration.
	staffOnSQL = `select s.person, s.employment, s.since,
			coalesce(p.unit, '') as unit, coalesce(p.position, s.registered) as assigned, greatest(s.position, p.position) as position
		from @_staff s left join lateral (
			select unit, position from @_post h
			where h.person = s.person and h.acting = '' and h.from_day <= {on} and (h.until_day = '' or h.until_day >= {on})
			order by position desc limit 1) p on true
		where s.since <= {on} and (s.last_day = '' or s.last_day >= {on})`
)

// NewStaffing makes the shared part for the read model with the prefix.
func NewStaffing(prefix string) Staffing {
	with := strings.NewReplacer("@", prefix,
		"{post}", Lookup(prefix+"_post", "person"), "{staff}", Lookup(prefix+"_staff", "person")).Replace
	return Staffing{
		schema:   with(staffingSchema),
		register: Over("person text, employment text, since text, at bigint", with(registerSQL)),
		separate: with(separateSQL),
		endMain:  Over("person text, last_day text, at bigint", with(endMainSQL)),
		assign:   Over("person text, post text, unit text, acting text, from_day text, at bigint", with(assignSQL)),
		endPost:  with(endPostSQL),
	}
}

// StaffOn gives the query of one row (person, employment, since, unit, assigned,
// position) for each person in service on the day that the placeholder on stands for.
func StaffOn(prefix, on string) string {
	return strings.NewReplacer("@", prefix, "{on}", on).Replace(staffOnSQL)
}

// Schema makes the two tables.
func (s Staffing) Schema() string { return s.schema }

// Registered puts a person into service.
func (s Staffing) Registered(out Statements, person domain.PersonID, employment string, since domain.Date, at uint64) {
	out.Each(s.register, person, employment, since, at)
}

// Assigned puts a person into a post; a main post ends the main post held so far.
func (s Staffing) Assigned(out Statements, person domain.PersonID, post string, unit domain.UnitID, acting domain.Capacity, from domain.Date, at uint64) {
	if acting == "" {
		out.Each(s.endMain, person, from.AddDays(-1), at)
	}
	out.Each(s.assign, person, post, unit, acting, from, at)
}

// Ended ends a post after its last day.
func (s Staffing) Ended(out Statements, person domain.PersonID, post string, lastDay domain.Date, at uint64) {
	out.Exec(s.endPost, person, post, lastDay, at)
}

// Separated ends the service after its last day.
func (s Staffing) Separated(out Statements, person domain.PersonID, lastDay domain.Date, at uint64) {
	out.Exec(s.separate, person, lastDay, at)
}
