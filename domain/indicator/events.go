package indicator

import "github.com/jejak-kinerja/jejak/domain"

// Event is a fact about an organisation indicator.
//
//sumtype:decl
type Event interface{ indicatorEvent() }

// Defined says what is measured. Istilah: penetapan indikator kinerja.
type Defined struct {
	Indicator domain.IndicatorID `json:"indicator"`
	Name      string             `json:"name"`
	// Measure is the unit of measure: "orang", "skor", "persen".
	Measure   string    `json:"measure"`
	Direction Direction `json:"direction"`
	// Owner is the unit that answers for it; empty when nobody does yet.
	Owner domain.UnitID `json:"owner,omitzero"`
}

// TargetSet says what is to be reached in a period. Istilah: penetapan target.
type TargetSet struct {
	Period Period         `json:"period"`
	Value  domain.Decimal `json:"value_hundredths"`
	Source Source         `json:"source"`
}

// TargetRevised replaces a target; both stay in the record. Istilah: perubahan target.
type TargetRevised struct {
	Period Period         `json:"period"`
	Old    domain.Decimal `json:"old_hundredths"`
	Value  domain.Decimal `json:"value_hundredths"`
	Source Source         `json:"source"`
}

// RealisationReported says what was reached in a period. Istilah: capaian, realisasi.
type RealisationReported struct {
	Period Period         `json:"period"`
	Value  domain.Decimal `json:"value_hundredths"`
	Source Source         `json:"source"`
}

// RealisationCorrected replaces a realisation; both stay in the record. Istilah: pembetulan realisasi.
type RealisationCorrected struct {
	Period Period         `json:"period"`
	Old    domain.Decimal `json:"old_hundredths"`
	Value  domain.Decimal `json:"value_hundredths"`
	Source Source         `json:"source"`
}

// InconsistencyNoted keeps a contradiction between sources visible instead of
// mending it in silence. Istilah: catatan ketidaksesuaian data.
type InconsistencyNoted struct {
	Period Period `json:"period"`
	Note   string `json:"note"`
	Source Source `json:"source"`
}

func (Defined) indicatorEvent()              {}
func (TargetSet) indicatorEvent()            {}
func (TargetRevised) indicatorEvent()        {}
func (RealisationReported) indicatorEvent()  {}
func (RealisationCorrected) indicatorEvent() {}
func (InconsistencyNoted) indicatorEvent()   {}

// Stored lists every fact of the stream under its stored name.
var Stored = []domain.Entry{
	domain.Stored[Defined]("indicator.defined.v1"),
	domain.Stored[TargetSet]("indicator.target-set.v1"),
	domain.Stored[TargetRevised]("indicator.target-revised.v1"),
	domain.Stored[RealisationReported]("indicator.realisation-reported.v1"),
	domain.Stored[RealisationCorrected]("indicator.realisation-corrected.v1"),
	domain.Stored[InconsistencyNoted]("indicator.inconsistency-noted.v1"),
}
