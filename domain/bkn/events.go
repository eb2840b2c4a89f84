package bkn

import "github.com/jejak-kinerja/jejak/domain"

// Event is a word of BKN about a civil servant.
//
//sumtype:decl
type Event interface{ bknEvent() }

// PlanReported says that BKN has a plan of the person. Istilah: SKP di e-Kinerja BKN.
type PlanReported struct {
	// Plan is BKN's own id of the plan.
	Plan string `json:"plan"`
	// Status is the plan's status in BKN's words.
	Status string        `json:"status"`
	Post   string        `json:"post"`
	Unit   domain.UnitID `json:"unit"`
	// Acting is true for a plan in an acting post; the report does not tell Plt from Plh.
	Acting bool `json:"acting,omitzero"`
	// From is empty when the report does not tell on which day the plan begins.
	From   domain.Date `json:"from,omitzero"`
	Until  domain.Date `json:"until"`
	Source Source      `json:"source"`
}

// PredicateReported says that BKN has a predicate of the person. Istilah: predikat di e-Kinerja BKN.
type PredicateReported struct {
	// Plan is BKN's own id of the plan the predicate belongs to.
	Plan      string    `json:"plan"`
	Predicate Predicate `json:"predicate"`
	// Span is what the report covers: a month, a quarter, a year.
	Span   domain.Span `json:"span"`
	Source Source      `json:"source"`
}

// Source is where a word of BKN was read.
type Source struct {
	// File is the SHA-256 of the report's file, in hex.
	File string `json:"file"`
	// UpdatedOn is the day of the report's own stamp; empty when it has none.
	UpdatedOn domain.Date `json:"updated_on,omitzero"`
}

func (PlanReported) bknEvent()      {}
func (PredicateReported) bknEvent() {}

// Stored lists every fact of the stream under its stored name.
var Stored = []domain.Entry{
	domain.Stored[PlanReported]("bkn.plan-reported.v1"),
	domain.Stored[PredicateReported]("bkn.predicate-reported.v1"),
}
