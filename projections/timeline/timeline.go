// Package timeline answers: what happened to this person, fact by fact, the
// latest first?
package timeline

import (
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/projections"
)

// Name of the read model.
const Name = "timeline_v1"

// Projection fills the read model.
func Projection() projections.Projection {
	return projections.Projection{Name: Name, Schema: schema, Tables: []string{"timeline_v1_entry", "timeline_v1_subject"}, Apply: apply}
}

// Subject is whom a stream is about, for the facts that do not say so again.
const schema = `
create table if not exists timeline_v1_entry (
	person text collate "C", position bigint, kind text not null, name text collate "C" not null, stream text not null,
	revision bigint not null, event text not null, actor text not null, capacity text not null,
	recorded_at timestamptz not null, effective_at timestamptz not null, day text collate "C" not null,
	reason text not null, body bytea not null, primary key (person, position));
create table if not exists timeline_v1_subject (stream text collate "C" primary key, person text not null);
`

var (
	subjectSQL = projections.Over("stream text, person text", `insert into timeline_v1_subject select stream, person from r on conflict do nothing`)
	entrySQL   = projections.Over(`person text, position bigint, kind text, name text, stream text, revision bigint, event text, actor text,
			capacity text, recorded_at timestamptz, effective_at timestamptz, day text, reason text, body bytea`,
		`insert into timeline_v1_entry select coalesce(nullif(r.person, ''), s.person), r.position, r.kind, r.name, r.stream,
			r.revision, r.event, r.actor, r.capacity, r.recorded_at, r.effective_at, r.day, r.reason, r.body
		from r left join `+projections.Lookup("timeline_v1_subject", "stream")+` s on true
		where r.person <> '' or s.person is not null on conflict do nothing`)
)

func apply(out projections.Statements, fact domain.Recorded) error {
	kind, subject, opens := about(fact)
	if kind == "" {
		return nil
	}
	m, day := fact.Meta, projections.Day(fact.Meta.EffectiveAt)
	if r, ok := fact.Body.(progress.Reported); ok {
		day = r.On
	}
	if opens {
		out.Each(subjectSQL, fact.Stream, subject)
	}
	out.Append(entrySQL, subject, fact.Position, kind, fact.Name, fact.Stream, fact.Revision, fact.ID, m.Actor, m.Capacity,
		m.RecordedAt, m.EffectiveAt, day, m.Reason, fact.Data)
	return nil
}

// about gives the kind of entry, empty when the fact is about nobody; the subject,
// empty when the stream's first fact says it; and whether this is that first fact.
func about(fact domain.Recorded) (kind Kind, subject domain.PersonID, opens bool) {
	switch e := fact.Body.(type) {
	case person.Event:
		_, id, _ := strings.Cut(fact.Stream, "-")
		return Service, domain.PersonID(id), false
	case unit.HeadAppointed:
		return Service, e.Person, false
	case unit.HeadReleased:
		return Service, e.Person, false
	case unit.ActingHeadAssigned:
		return Service, e.Person, false
	case unit.ActingHeadEnded:
		return Service, e.Person, false
	case plan.Opened:
		return Plan, e.Person, true
	case plan.Event:
		return Plan, "", false
	case progress.Reported:
		return Progress, e.Person, true
	case progress.Event:
		return Progress, "", false
	case feedback.Given:
		return Feedback, e.About, true
	case feedback.Event:
		return Feedback, "", false
	case appraisal.Opened:
		return Appraisal, e.Person, true
	case appraisal.Event:
		return Appraisal, "", false
	}
	return "", "", false
}
