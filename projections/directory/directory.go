// Package directory answers: who works where, under whom, with which roles, and
// who leads which unit, on a given day?
package directory

import "github.com/jejak-kinerja/jejak/projections"

// Name of the read model.
const Name = "directory_v3"

// Projection fills the read model.
func Projection() projections.Projection {
	return projections.Projection{
		Name:   Name,
		Schema: schema,
		Tables: []string{"directory_v3_person", "directory_v3_post", "directory_v3_line", "directory_v3_role",
			"directory_v3_unit", "directory_v3_unit_name", "directory_v3_head"},
		Apply: apply,
	}
}

// Days are ISO texts, which compare as days do; "" is not set. Revision is that of
// the last fact of the person's or unit's stream: what a reader decides on.
const schema = `
create table if not exists directory_v3_person (
	person text collate "C" primary key, employment text not null, invented boolean not null,
	questioned boolean not null default false, last_day text collate "C" not null default '',
	destroyed text[] not null default '{}', position bigint not null, revision bigint not null default 0);
create index if not exists directory_v3_person_questioned on directory_v3_person (person) where questioned;
create table if not exists directory_v3_post (
	person text collate "C", post text, title text not null, level text not null, unit text collate "C" not null,
	acting text not null, from_day text collate "C" not null, until_day text collate "C" not null,
	position bigint not null, primary key (person, post));
create index if not exists directory_v3_post_unit on directory_v3_post (unit);
create table if not exists directory_v3_line (
	person text collate "C", from_day text collate "C" not null, superior text collate "C" not null,
	corrected boolean not null, changed bigint not null, position bigint not null, primary key (person, position));
create index if not exists directory_v3_line_superior on directory_v3_line (superior);
create table if not exists directory_v3_role (
	person text collate "C", role text, from_day text collate "C" not null, until_day text collate "C" not null,
	position bigint not null, primary key (person, position));
create table if not exists directory_v3_unit (
	unit text collate "C" primary key, code text not null, kind text not null, parent text collate "C" not null,
	from_day text collate "C" not null, last_day text collate "C" not null default '', origin text not null,
	aliases text[] not null default '{}', position bigint not null, revision bigint not null default 0);
create table if not exists directory_v3_unit_name (
	unit text collate "C", name text not null, from_day text collate "C" not null, position bigint not null,
	primary key (unit, position));
create table if not exists directory_v3_head (
	unit text collate "C", person text collate "C" not null, capacity text not null,
	from_day text collate "C" not null, until_day text collate "C" not null, position bigint not null,
	primary key (unit, position));
`
