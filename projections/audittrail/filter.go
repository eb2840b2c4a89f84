package audittrail

import (
	"strconv"
	"strings"
	"time"

	"github.com/jejak-kinerja/jejak/projections"
)

// The clauses of a filter. Each ? is the next argument; only clauses for fields
// that are set are joined, so that every combination finds its index.
const (
	byStream      = `f.stream = ?`
	byCategory    = `f.stream >= ? and f.stream < ?`
	byNames       = `f.name = any(?::text[])`
	byActor       = `f.actor = ?`
	bySubject     = `f.subject = ? and f.subject <> ''`
	byUnit        = `f.unit = ? and f.unit <> ''`
	byIndicator   = `f.stream = 'indicator-' || ?::text` // its facts are in its stream only
	byPlan        = `f.plan = ? and f.plan <> ''`
	byResult      = `f.result = ?`
	byCorrelation = `f.correlation = ? and f.correlation <> ''`
	byCommand     = `f.command = ?`
	bySource      = `f.source = ?`
	byCapacity    = `f.capacity = ?`
	byKind        = `f.kind = ?`
	byPeriod      = `f.period = ?`
	byValue       = `f.value = ?`
	bySlot        = `exists (select from audittrail_v3_slot s where s.stream = f.stream and s.slot = ? and s.position = f.position)`
	bySlotValue   = `exists (select from audittrail_v3_slot s where s.stream = f.stream and s.slot = ? and s.value = ? and s.position = f.position)`
	byDayFrom     = `f.day >= ?`
	byDayUntil    = `f.day <= ?`
	byRecorded    = `f.recorded_at >= ?`
	byRecordedEnd = `f.recorded_at < ?`
	byAfter       = `f.position > ?`
	byUpTo        = `f.position <= ?`
)

var (
	byStaff = `f.position in (select assigned from (` + projections.StaffOn(Name, "?") + `) s where ? in ('', employment) and ? in ('', s.unit))`
	// For each silent person the last feedback before, else the registration.
	bySilent = `f.position in (select coalesce(h.position, st.registered) from (` + projections.StaffOn(Name, "?") + `) s
		join audittrail_v3_staff st using (person)
		left join lateral (
			select day, position from audittrail_v3_heard h where h.person = s.person and h.day <= ?
			order by day desc, position desc limit 1) h on true
		where coalesce(h.day, s.since) <= ? and ? in ('', s.unit))`
)

// filter collects clauses with their arguments.
type filter struct {
	clauses []string
	args    []any
}

func (f *filter) add(clause string, args ...any) {
	f.clauses = append(f.clauses, clause)
	f.args = append(f.args, args...)
}

func (f *filter) text(clause, value string) {
	if value != "" {
		f.add(clause, value)
	}
}

func (f *filter) time(clause string, at time.Time) {
	if !at.IsZero() {
		f.add(clause, at)
	}
}

// where writes the clauses with numbered placeholders.
func (f *filter) where() string {
	if len(f.clauses) == 0 {
		return ""
	}
	parts := strings.Split(" where "+strings.Join(f.clauses, " and "), "?")
	var sql strings.Builder
	sql.WriteString(parts[0])
	for n, part := range parts[1:] {
		sql.WriteString("$" + strconv.Itoa(n+1) + part)
	}
	return sql.String()
}

func filterOf(t projections.Trail) *filter {
	f := &filter{}
	f.text(byStream, t.Stream)
	if t.Category != "" {
		f.add(byCategory, t.Category+"-", t.Category+".") // "." follows "-" in ASCII
	}
	if len(t.Names) > 0 {
		f.add(byNames, t.Names)
	}
	f.text(byActor, string(t.Actor))
	f.text(bySubject, string(t.Subject))
	if t.SilentOn == "" && t.StaffOn == "" {
		f.text(byUnit, string(t.Unit))
	}
	f.text(byIndicator, string(t.Indicator))
	f.text(byPlan, string(t.Plan))
	f.text(byResult, string(t.Result))
	f.text(byCorrelation, t.Correlation)
	f.text(byCommand, string(t.Command))
	f.text(bySource, string(t.Source))
	f.text(byCapacity, string(t.Capacity))
	f.text(byKind, t.Kind)
	f.text(byPeriod, t.Period)
	switch {
	case t.Slot != "" && t.Value != "":
		f.add(bySlotValue, t.Slot, t.Value)
	case t.Slot != "":
		f.add(bySlot, t.Slot)
	default:
		f.text(byValue, t.Value)
	}
	f.text(byDayFrom, string(t.DayFrom))
	f.text(byDayUntil, string(t.DayUntil))
	f.time(byRecorded, t.RecordedFrom)
	f.time(byRecordedEnd, t.RecordedUntil)
	if t.AsOf != "" {
		f.add(byRecordedEnd, projections.DayEnd(t.AsOf))
	}
	if t.After > 0 {
		f.add(byAfter, t.After)
	}
	if t.UpTo > 0 {
		f.add(byUpTo, t.UpTo)
	}
	if t.StaffOn != "" {
		f.add(byStaff, t.StaffOn, t.StaffOn, t.StaffOn, t.StaffOn, t.Employment, t.Unit)
	}
	if t.SilentOn != "" {
		f.add(bySilent, t.SilentOn, t.SilentOn, t.SilentOn, t.SilentOn, t.SilentOn, t.SilentOn.AddDays(-t.SilentDays), t.Unit)
	}
	return f
}
