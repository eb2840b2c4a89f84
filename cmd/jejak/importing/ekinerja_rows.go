package importing

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/intake"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/internal/tabular"
)

// record is a row as it was understood, or the reasons why it was not.
type record struct {
	row     tabular.Row
	chunk   int
	reasons []Reason
	understood
	employment person.Employment
	level      person.Level
}

// understood is what a row says; two rows about one plan must say the same.
type understood struct {
	plan, nip, name, post, status string
	unit                          domain.UnitID
	byAgency, acting              bool
	from, until                   domain.Date
	predicate                     bkn.Predicate
}

func (r *record) accepted() bool { return len(r.reasons) == 0 }

// checker understands rows.
type checker struct {
	table      *table
	units      *unitBook
	nips       map[string]string // NIP by plan, when the report has none
	employment person.Employment
	seen       map[string]*record // by plan
}

func (c *checker) checkAll(report Progress) []*record {
	records := make([]*record, len(c.table.rows))
	for n, row := range c.table.rows {
		records[n] = c.check(n, row)
		report(n+1, len(c.table.rows), "periksa baris")
	}
	return records
}

// check understands one row.
func (c *checker) check(n int, row tabular.Row) *record {
	in := &cells{columns: c.table.columns, header: c.table.header, row: row}
	r := &record{row: row, chunk: n / intake.ChunkRows}
	r.plan = in.plan()
	r.nip = c.nip(in, r.plan)
	r.name, r.employment, r.level = in.text(nameField), in.employment(), in.level()
	if c.table.columns.has(nameField) && r.name == "" && len(in.reasons) == 0 {
		in.reject(nameField, "row-cell-missing")
	}
	r.from, r.until = in.day(fromField), in.day(untilField)
	year := c.table.heading.year()
	if r.until != "" && !year.Holds(r.until) {
		in.reject(untilField, "row-outside-report")
	}
	if r.from != "" && (!year.Holds(r.from) || r.until != "" && r.from > r.until) {
		in.reject(fromField, "row-outside-report")
	}
	if c.table.columns.has(actingField) {
		r.acting = in.acting()
	}
	c.checkUnit(in, r)
	if c.table.kind() == intake.Plans {
		r.post, r.status = in.must(postField, domain.MaxWordingRunes), in.must(statusField, bkn.MaxStatusRunes)
		if c.cellEmpty(in, untilField) {
			in.reject(untilField, "row-cell-missing")
		}
	} else {
		r.post, r.status = in.text(postField), in.text(statusField)
		r.predicate = in.predicate()
	}
	if before, twice := c.seen[r.plan]; r.plan != "" && twice && before.understood != r.understood {
		in.reject(planField, "row-plan-twice")
	} else if len(in.reasons) == 0 {
		c.seen[r.plan] = r
	}
	r.reasons = in.reasons
	return r
}

func (c *checker) cellEmpty(in *cells, f field) bool { return in.cell(f).Kind == tabular.Empty }

// nip takes the NIP from the row, or by the plan's id from the report of plans.
func (c *checker) nip(in *cells, plan string) string {
	if c.table.columns.has(nipField) {
		return in.nip()
	}
	nip := c.nips[plan]
	if nip == "" {
		in.reject(planField, "row-plan-without-nip")
	}
	return nip
}

// checkUnit finds the unit: by its own name, and where the ledger has no unit of
// that name, the agency that the row itself says it belongs to.
func (c *checker) checkUnit(in *cells, r *record) {
	if !c.table.columns.has(unitField) {
		return
	}
	before := len(in.reasons)
	name, agency := in.must(unitField, domain.MaxWordingRunes), in.text(agencyField)
	if len(in.reasons) > before {
		return
	}
	f, found := unitField, c.units.find(name)
	if len(found) == 0 && agency != "" {
		f, found, r.byAgency = agencyField, c.units.find(agency), true
	}
	switch {
	case len(found) == 0:
		in.reject(unitField, "row-unit-unknown")
	case len(found) > 1:
		in.reject(f, "row-unit-ambiguous")
	case c.units.closed(found[0], c.table.heading.span.From):
		in.reject(f, "row-unit-closed")
	default:
		r.unit = found[0]
	}
}

// words are the facts that a row asks for.
func (b *batch) words(r *record) []bkn.Command {
	source := bkn.Source{File: b.table.digest, UpdatedOn: b.table.heading.updatedOn}
	if b.table.kind() == intake.Plans {
		return []bkn.Command{bkn.ReportPlan{Plan: r.plan, Status: r.status, Post: r.post, Unit: r.unit, Acting: r.acting,
			From: r.from, Until: r.until, Source: source}}
	}
	if r.predicate == "" {
		return nil
	}
	return []bkn.Command{bkn.ReportPredicate{Plan: r.plan, Predicate: r.predicate, Span: b.table.heading.span, Source: source}}
}
