package appraisal

import "github.com/jejak-kinerja/jejak/domain"

// Event is a fact about one appraisal.
//
//sumtype:decl
type Event interface{ appraisalEvent() }

// Opened starts the appraisal of one person for one period. Istilah: pembukaan evaluasi kinerja.
type Opened struct {
	Appraisal domain.AppraisalID `json:"appraisal"`
	Person    domain.PersonID    `json:"person"`
	Appraiser domain.PersonID    `json:"appraiser"`
	Unit      domain.UnitID      `json:"unit"`
	Plan      domain.PlanID      `json:"plan,omitzero"`
	Kind      Kind               `json:"kind"`
	Span      domain.Span        `json:"span"`
}

// RealisationRecorded says what was reached on one result, and on what evidence. Istilah: realisasi.
type RealisationRecorded struct {
	Result   domain.ResultID `json:"result"`
	Quantity domain.Decimal  `json:"quantity_hundredths,omitzero"`
	Measure  string          `json:"measure,omitzero"`
	// Reports are the progress reports it rests on.
	Reports []domain.ReportID `json:"reports,omitzero"`
	// NoEvidence is why there is none; then Reports is empty.
	NoEvidence domain.Sealed `json:"no_evidence,omitzero"`
}

// ResultRated is the appraiser's judgement of the work's results. Istilah: rating hasil kerja.
type ResultRated struct {
	Rating Rating        `json:"rating"`
	Note   domain.Sealed `json:"note,omitzero"`
}

// BehaviourRated is the judgement of the behaviour: each of the seven values, and
// on the whole. Istilah: rating perilaku kerja.
type BehaviourRated struct {
	Values []ValueRating `json:"values"`
	Rating Rating        `json:"rating"`
	Note   domain.Sealed `json:"note,omitzero"`
}

// PredicateDerived follows from the two ratings and from nothing else. Istilah: predikat kinerja pegawai.
type PredicateDerived struct {
	Result    Rating    `json:"result"`
	Behaviour Rating    `json:"behaviour"`
	Predicate Predicate `json:"predicate"`
}

// ScoreChanged replaces one rating: from what to what, why and on whose
// authority; the predicate follows. Istilah: perubahan nilai.
type ScoreChanged struct {
	Dimension Dimension     `json:"dimension"`
	Old       Rating        `json:"old"`
	New       Rating        `json:"new"`
	Reason    domain.Sealed `json:"reason"`
	Authority Authority     `json:"authority"`
	// Reference names the decision behind it where there is one (an objection's id).
	Reference string `json:"reference,omitzero"`
}

// Delivered hands the appraisal to the person. Istilah: penyampaian dokumen evaluasi.
type Delivered struct{}

// Received says that the person has it; deadlines run from here. Istilah: diterima pegawai.
type Received struct{}

func (Opened) appraisalEvent()              {}
func (RealisationRecorded) appraisalEvent() {}
func (ResultRated) appraisalEvent()         {}
func (BehaviourRated) appraisalEvent()      {}
func (PredicateDerived) appraisalEvent()    {}
func (ScoreChanged) appraisalEvent()        {}
func (Delivered) appraisalEvent()           {}
func (Received) appraisalEvent()            {}

// Stored lists every fact of the stream under its stored name.
var Stored = []domain.Entry{
	domain.Stored[Opened]("appraisal.opened.v1"),
	domain.Stored[RealisationRecorded]("appraisal.realisation-recorded.v1"),
	domain.Stored[ResultRated]("appraisal.result-rated.v1"),
	domain.Stored[BehaviourRated]("appraisal.behaviour-rated.v1"),
	domain.Stored[PredicateDerived]("appraisal.predicate-derived.v1"),
	domain.Stored[ScoreChanged]("appraisal.score-changed.v1"),
	domain.Stored[Delivered]("appraisal.delivered.v1"),
	domain.Stored[Received]("appraisal.received.v1"),
}
