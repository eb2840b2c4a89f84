// Package personpage answers: what is this person to reach, what was done about
// it, what was said about it, and how was it judged?
package personpage

import "github.com/jejak-kinerja/jejak/projections"

// Name of the read model.
const Name = "personpage_v1"

// Projection fills the read model.
func Projection() projections.Projection {
	return projections.Projection{
		Name:   Name,
		Schema: schema,
		Tables: []string{"personpage_v1_plan", "personpage_v1_result", "personpage_v1_measure", "personpage_v1_expectation",
			"personpage_v1_version", "personpage_v1_report", "personpage_v1_feedback", "personpage_v1_reply",
			"personpage_v1_appraisal", "personpage_v1_realisation", "personpage_v1_change"},
		Apply: apply,
	}
}

// Opened is the position of a stream's first fact: the order of lists.
const schema = `
create table if not exists personpage_v1_plan (
	plan text collate "C" primary key, person text collate "C" not null, appraiser text collate "C" not null,
	unit text collate "C" not null, post text not null, leader boolean not null, acting text not null,
	from_day text collate "C" not null, until_day text collate "C" not null, status text not null,
	content text not null default '', employee_signed_at timestamptz, appraiser_signed_at timestamptz,
	version int not null default 0, reason text not null default '', last_day text collate "C" not null default '',
	cause text not null default '', opened bigint not null, revision bigint not null, position bigint not null);
create index if not exists personpage_v1_plan_person on personpage_v1_plan (person, from_day);
create table if not exists personpage_v1_result (
	plan text collate "C", result text collate "C", kind text not null, wording text not null, serves jsonb not null,
	withdrawn boolean not null default false, opened bigint not null, position bigint not null, primary key (plan, result));
create table if not exists personpage_v1_measure (
	plan text collate "C", result text collate "C", key text collate "C", wording text not null, aspect text not null,
	target bigint not null, measure text not null, removed boolean not null default false, position bigint not null,
	primary key (plan, result, key));
create table if not exists personpage_v1_expectation (
	plan text collate "C", value text, expectation text not null, position bigint not null, primary key (plan, value));
create table if not exists personpage_v1_version (
	plan text collate "C", version int, content text not null, established_at timestamptz not null,
	position bigint not null, primary key (plan, version));

create table if not exists personpage_v1_report (
	report text collate "C" primary key, person text collate "C" not null, superior text collate "C" not null,
	unit text collate "C" not null, plan text collate "C" not null, result text collate "C" not null,
	on_day text collate "C" not null, quantity bigint not null, measure text not null, text text not null,
	late_reason text not null, evidence jsonb not null, version int not null, status text not null,
	answered_by text not null default '', answer text not null default '', answered_at timestamptz,
	reply text not null default '', reason text not null default '', reported_at timestamptz not null,
	opened bigint not null, revision bigint not null, position bigint not null);
create index if not exists personpage_v1_report_person on personpage_v1_report (person, opened);
create index if not exists personpage_v1_report_plan on personpage_v1_report (plan, result, opened) where plan <> '';

create table if not exists personpage_v1_feedback (
	feedback text collate "C" primary key, about text collate "C" not null, by text collate "C" not null,
	unit text collate "C" not null, relation text not null, tone text not null, report text collate "C" not null,
	plan text collate "C" not null, result text collate "C" not null, value text not null, text text not null,
	given_at timestamptz not null, read_at timestamptz, disputed text not null default '',
	opened bigint not null, revision bigint not null, position bigint not null);
create index if not exists personpage_v1_feedback_about on personpage_v1_feedback (about, opened);
create index if not exists personpage_v1_feedback_by on personpage_v1_feedback (by, opened);
create index if not exists personpage_v1_feedback_report on personpage_v1_feedback (report) where report <> '';
create table if not exists personpage_v1_reply (
	feedback text collate "C", by text collate "C" not null, text text not null, at timestamptz not null,
	position bigint not null, primary key (feedback, position));

create table if not exists personpage_v1_appraisal (
	appraisal text collate "C" primary key, person text collate "C" not null, appraiser text collate "C" not null,
	unit text collate "C" not null, plan text collate "C" not null, kind text not null,
	from_day text collate "C" not null, until_day text collate "C" not null,
	result_rating text not null default '', result_note text not null default '',
	behaviour_rating text not null default '', behaviour_note text not null default '',
	"values" jsonb not null default '[]', predicate text not null default '', opened_at timestamptz not null,
	delivered_at timestamptz, received_at timestamptz, opened bigint not null, revision bigint not null, position bigint not null);
create index if not exists personpage_v1_appraisal_person on personpage_v1_appraisal (person, from_day);
create index if not exists personpage_v1_appraisal_plan on personpage_v1_appraisal (plan) where plan <> '';
create table if not exists personpage_v1_realisation (
	appraisal text collate "C", result text collate "C", quantity bigint not null, measure text not null,
	reports text[] not null, no_evidence text not null, position bigint not null, primary key (appraisal, result));
create table if not exists personpage_v1_change (
	appraisal text collate "C", dimension text not null, old text not null, new text not null, reason text not null,
	authority text not null, reference text not null, by text collate "C" not null, capacity text not null,
	at timestamptz not null, position bigint not null, primary key (appraisal, position));
`
