package progress

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Status is where a report stands. Istilah: status laporan.
type Status string

const (
	// Waiting for the superior. Istilah: menunggu atasan.
	Waiting Status = "reported"
	// Open: a question waits for the author. Istilah: perlu klarifikasi.
	Open Status = "questioned"
	// Replied: the answer waits for the superior. Istilah: sudah dijawab.
	Replied Status = "answered"
	// Noted by the superior. Istilah: diketahui atasan.
	Noted Status = "acknowledged"
	// TakenBack by the author. Istilah: ditarik.
	TakenBack Status = "withdrawn"
)

// Statuses lists every status, in the order of a report's life.
var Statuses = []Status{Waiting, Open, Replied, Noted, TakenBack}

// State is what the facts say about one report.
type State struct {
	Report   domain.ReportID
	Person   domain.PersonID
	Superior domain.PersonID
	Unit     domain.UnitID
	Plan     domain.PlanID
	Result   domain.ResultID
	On       domain.Date
	Status   Status
	// Version of what is said below, from 1.
	Version  int
	Quantity domain.Decimal
	Measure  string
	Text     domain.Sealed
	Evidence []domain.Evidence
	// AcknowledgedBy is who took note of the present version; empty when nobody did.
	AcknowledgedBy domain.PersonID
}

// Exists says whether anything was reported.
func (s State) Exists() bool { return s.Report != "" }

// Evolve moves the state on by one fact.
func Evolve(s State, event Event) State {
	switch e := event.(type) {
	case Reported:
		s.Report, s.Person, s.Superior, s.Unit = e.Report, e.Person, e.Superior, e.Unit
		s.Plan, s.Result, s.On, s.Status, s.Version = e.Plan, e.Result, e.On, Waiting, 1
		s.Quantity, s.Measure, s.Text, s.Evidence = e.Quantity, e.Measure, e.Text, slices.Clone(e.Evidence)
	case Corrected:
		s.Version = e.Version
		s.Quantity, s.Measure, s.Text, s.Evidence = e.Quantity, e.Measure, e.Text, slices.Clone(e.Evidence)
		if s.Status == Noted {
			s.Status, s.AcknowledgedBy = Waiting, ""
		}
	case Acknowledged:
		s.Status, s.AcknowledgedBy = Noted, e.By
	case Questioned:
		s.Status, s.AcknowledgedBy = Open, ""
	case Answered:
		s.Status = Replied
	case Withdrawn:
		s.Status = TakenBack
	}
	return s
}
