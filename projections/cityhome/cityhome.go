// Package cityhome answers: how does the city stand: its indicators against their
// targets, the predicates of its staff, reports and feedback week by week, and
// who has had no feedback for too long?
package cityhome

import "github.com/jejak-kinerja/jejak/projections"

// Name of the read model.
const Name = "cityhome_v3"

// Projection fills the read model.
func Projection() projections.Projection {
	return projections.Projection{
		Name:   Name,
		Schema: schema + staffing.Schema(),
		Tables: []string{"cityhome_v3_indicator", "cityhome_v3_point", "cityhome_v3_appraisal", "cityhome_v3_predicate",
			"cityhome_v3_report", "cityhome_v3_heard", "cityhome_v3_week", "cityhome_v3_staff", "cityhome_v3_post"},
		Apply: apply,
	}
}

var staffing = projections.NewStaffing(Name)

// The tables predicate and week are roll-ups: the page reads them and no single
// appraisal, report or feedback. There is no row for the whole city: every report
// of a batch would rewrite it; the page adds up the units.
const schema = `
create table if not exists cityhome_v3_indicator (
	indicator text collate "C" primary key, name text not null, measure text not null, direction text not null,
	owner text not null, position bigint not null);
create table if not exists cityhome_v3_point (
	indicator text collate "C", period text collate "C", target bigint, target_source jsonb, target_was bigint,
	value bigint, value_source jsonb, value_was bigint, notes jsonb not null, facts bigint not null,
	position bigint not null, revision bigint not null, primary key (indicator, period));
create table if not exists cityhome_v3_appraisal (
	appraisal text collate "C" primary key, year text collate "C" not null, kind text not null,
	unit text collate "C" not null, predicate text not null, position bigint not null);
create table if not exists cityhome_v3_predicate (
	year text collate "C", kind text, unit text collate "C", predicate text, appraisals bigint not null,
	position bigint not null, primary key (year, kind, unit, predicate));
create table if not exists cityhome_v3_report (
	report text collate "C" primary key, unit text collate "C" not null, monday text collate "C" not null,
	withdrawn boolean not null);
create table if not exists cityhome_v3_heard (
	person text collate "C", day text collate "C", feedback text collate "C", position bigint not null,
	primary key (person, day, feedback));
create table if not exists cityhome_v3_week (
	unit text collate "C", monday text collate "C", reports bigint not null, feedback bigint not null,
	position bigint not null, primary key (monday, unit));
`
