package progress

import "github.com/jejak-kinerja/jejak/domain"

// Event is a fact about one progress report.
//
//sumtype:decl
type Event interface{ progressEvent() }

// Reported says what a person did on a day. Istilah: laporan progres.
type Reported struct {
	Report domain.ReportID `json:"report"`
	Person domain.PersonID `json:"person"`
	// Superior who is to answer, as known then; empty when none is on file.
	Superior domain.PersonID `json:"superior,omitzero"`
	Unit     domain.UnitID   `json:"unit,omitzero"`
	// Plan and Result the work counts for; both empty for other work.
	Plan     domain.PlanID   `json:"plan,omitzero"`
	Result   domain.ResultID `json:"result,omitzero"`
	On       domain.Date     `json:"on"`
	Quantity domain.Decimal  `json:"quantity_hundredths,omitzero"`
	Measure  string          `json:"measure,omitzero"`
	Text     domain.Sealed   `json:"text"`
	// LateReason is why an old day is reported only now.
	LateReason domain.Sealed     `json:"late_reason,omitzero"`
	Evidence   []domain.Evidence `json:"evidence,omitzero"`
}

// Corrected gives the report a new version; the old one stays in the record. Istilah: pembetulan laporan.
type Corrected struct {
	Version  int               `json:"version"`
	Quantity domain.Decimal    `json:"quantity_hundredths,omitzero"`
	Measure  string            `json:"measure,omitzero"`
	Text     domain.Sealed     `json:"text"`
	Reason   domain.Sealed     `json:"reason"`
	Evidence []domain.Evidence `json:"evidence,omitzero"`
}

// Acknowledged says that the superior took note. Istilah: diketahui atasan.
type Acknowledged struct {
	By   domain.PersonID `json:"by"`
	Note domain.Sealed   `json:"note,omitzero"`
}

// Questioned asks the employee for more. Istilah: klarifikasi.
type Questioned struct {
	By       domain.PersonID `json:"by"`
	Question domain.Sealed   `json:"question"`
}

// Answered replies to the question. Istilah: jawaban klarifikasi.
type Answered struct {
	Answer domain.Sealed `json:"answer"`
}

// Withdrawn takes the report back with a reason; it stays in the record. Istilah: penarikan laporan.
type Withdrawn struct {
	Reason domain.Sealed `json:"reason"`
}

func (Reported) progressEvent()     {}
func (Corrected) progressEvent()    {}
func (Acknowledged) progressEvent() {}
func (Questioned) progressEvent()   {}
func (Answered) progressEvent()     {}
func (Withdrawn) progressEvent()    {}

// Stored lists every fact of the stream under its stored name.
var Stored = []domain.Entry{
	domain.Stored[Reported]("progress.reported.v1"),
	domain.Stored[Corrected]("progress.corrected.v1"),
	domain.Stored[Acknowledged]("progress.acknowledged.v1"),
	domain.Stored[Questioned]("progress.questioned.v1"),
	domain.Stored[Answered]("progress.answered.v1"),
	domain.Stored[Withdrawn]("progress.withdrawn.v1"),
}
