// Package audittrail answers: what happened, when, who did it, in what capacity,
// why, and where does it lie in the record? It holds every fact, and it can list
// and count the facts behind every figure of the other read models. And: what
// happened to this person, the latest first?
package audittrail

import "github.com/jejak-kinerja/jejak/projections"

// Name of the read model.
const Name = "audittrail_v3"

// Projection fills the read model.
func Projection() projections.Projection {
	return projections.Projection{
		Name:   Name,
		Schema: schema + staffing.Schema(),
		Tables: []string{"audittrail_v3_fact", "audittrail_v3_origin", "audittrail_v3_slot", "audittrail_v3_heard",
			"audittrail_v3_staff", "audittrail_v3_post",
			"audittrail_v3_person", "audittrail_v3_block"},
		Apply: apply,
	}
}

var staffing = projections.NewStaffing(Name)

// Every B-tree ends with the position, so that a page of any filter is read in
// order; days and times grow with the position, so block ranges find them for
// next to nothing. Origin is what a stream's first fact says for all that follow;
// slot is which fact settles a question now; person counts the facts about a person,
// and a block holds some of them, the newest first, each as record_send gives its
// row. Blocks are made of what the index on the subject finds, so that one is there
// from the beginning (unique says so).
const schema = `
create table if not exists audittrail_v3_fact (
	position bigint primary key, stream text collate "C" not null, revision bigint not null,
	event text collate "C" not null, name text collate "C" not null,
	recorded_at timestamptz not null, effective_at timestamptz not null, day text collate "C" not null, stored_at timestamptz not null,
	actor text collate "C" not null, capacity text not null, on_behalf_of text not null, authority text not null,
	reason text not null, source text not null, policy text not null, correlation text collate "C" not null,
	causation text not null, command text not null, request text not null, salt text not null,
	subject text collate "C" not null, unit text collate "C" not null, indicator text collate "C" not null,
	plan text collate "C" not null, result text collate "C" not null,
	value text not null, kind text not null, period text collate "C" not null, body bytea not null);
create index if not exists audittrail_v3_fact_stream on audittrail_v3_fact (stream, position);
create index if not exists audittrail_v3_fact_name on audittrail_v3_fact (name, position);
create index if not exists audittrail_v3_fact_actor on audittrail_v3_fact (actor, position);
create unique index if not exists audittrail_v3_fact_subject on audittrail_v3_fact (subject, position) where subject <> '';
create index if not exists audittrail_v3_fact_unit on audittrail_v3_fact (unit, position) where unit <> '';
create index if not exists audittrail_v3_fact_plan on audittrail_v3_fact (plan, position) where plan <> '';
create index if not exists audittrail_v3_fact_correlation on audittrail_v3_fact (correlation, position) where correlation <> '';
create index if not exists audittrail_v3_fact_recorded on audittrail_v3_fact using brin (recorded_at) with (pages_per_range = 16);
create index if not exists audittrail_v3_fact_day on audittrail_v3_fact using brin (day) with (pages_per_range = 16);
create table if not exists audittrail_v3_origin (
	stream text collate "C" primary key, subject text not null, unit text not null, plan text not null,
	result text not null, kind text not null, period text not null);
create table if not exists audittrail_v3_slot (
	stream text collate "C", slot text, position bigint not null, value text not null, primary key (stream, slot));
create table if not exists audittrail_v3_heard (
	person text collate "C", day text collate "C", position bigint not null, primary key (person, day, position));
create table if not exists audittrail_v3_person (
	subject text collate "C" primary key, facts bigint not null) with (fillfactor = 70);
create table if not exists audittrail_v3_block (
	subject text collate "C", number bigint, first bigint not null, position bigint not null,
	facts bytea compression lz4 not null, primary key (subject, number)) with (toast_tuple_target = 8160);
`
