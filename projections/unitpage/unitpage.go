// Package unitpage answers: how is my unit doing: how many work here, what was
// reported and said week by week, how far are the plans, what are the predicates,
// who has had no feedback, and which reports wait? Which unit it is and who leads
// it is the directory's to say.
package unitpage

import "github.com/jejak-kinerja/jejak/projections"

// Name of the read model.
const Name = "unitpage_v3"

// Projection fills the read model.
func Projection() projections.Projection {
	return projections.Projection{
		Name:   Name,
		Schema: schema + staffing.Schema(),
		Tables: []string{"unitpage_v3_report", "unitpage_v3_heard", "unitpage_v3_week", "unitpage_v3_plan", "unitpage_v3_appraisal",
			"unitpage_v3_staff", "unitpage_v3_post"},
		Apply: apply,
	}
}

var staffing = projections.NewStaffing(Name)

// A report's turn is whose move it is: "superior", "employee" or "nobody". The
// table week is a roll-up of reports and feedback: a page of weeks reads as many
// rows as it shows, however much was reported.
const schema = `
create table if not exists unitpage_v3_report (
	report text collate "C" primary key, unit text collate "C" not null, person text collate "C" not null,
	superior text collate "C" not null, on_day text collate "C" not null, monday text collate "C" not null, turn text not null,
	withdrawn boolean not null, since timestamptz not null, position bigint not null);
create index if not exists unitpage_v3_report_waiting on unitpage_v3_report (unit, since, report) where turn = 'superior';
create table if not exists unitpage_v3_heard (
	person text collate "C", day text collate "C", feedback text collate "C", position bigint not null,
	primary key (person, day, feedback));
create table if not exists unitpage_v3_week (
	unit text collate "C", monday text collate "C", reports bigint not null, feedback bigint not null,
	position bigint not null, primary key (unit, monday));
create table if not exists unitpage_v3_plan (
	plan text collate "C" primary key, unit text collate "C" not null, year text collate "C" not null,
	status text not null, position bigint not null);
create index if not exists unitpage_v3_plan_unit on unitpage_v3_plan (unit, year);
create table if not exists unitpage_v3_appraisal (
	appraisal text collate "C" primary key, unit text collate "C" not null, year text collate "C" not null,
	kind text not null, predicate text not null, position bigint not null);
create index if not exists unitpage_v3_appraisal_unit on unitpage_v3_appraisal (unit, year, kind);
`
