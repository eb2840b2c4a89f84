package plan

import "github.com/jejak-kinerja/jejak/domain"

// ResultKind tells main from additional results.
type ResultKind string

const (
	// Main results make the plan. Istilah: hasil kerja utama.
	Main ResultKind = "utama"
	// Additional results come by assignment or offer, often across units. Istilah: hasil kerja tambahan.
	Additional ResultKind = "tambahan"
)

// Aspect is what an indicator looks at; leaders' plans use perspectives. Istilah: aspek, perspektif.
type Aspect string

const (
	// Quantity: how many. Istilah: kuantitas.
	Quantity Aspect = "kuantitas"
	// Quality: how good. Istilah: kualitas.
	Quality Aspect = "kualitas"
	// Time: by when. Istilah: waktu.
	Time Aspect = "waktu"
	// Cost: for how much. Istilah: biaya.
	Cost Aspect = "biaya"
	// Recipients of services. Istilah: penerima layanan.
	Recipients Aspect = "penerima-layanan"
	// Process inside the office. Istilah: proses bisnis.
	Process Aspect = "proses-bisnis"
	// Strengthening of the organisation. Istilah: penguatan internal.
	Strengthening Aspect = "penguatan-internal"
	// Budget. Istilah: anggaran.
	Budget Aspect = "anggaran"
)

// StaffAspects may be used in plans of staff, LeaderAspects in plans of leaders.
var (
	StaffAspects  = []Aspect{Quantity, Quality, Time, Cost}
	LeaderAspects = []Aspect{Recipients, Process, Strengthening, Budget}
)

// Serves links a result to the superior's result or the city's indicator that it
// serves. All empty: provisional. Istilah: RHK pimpinan yang diintervensi.
type Serves struct {
	Plan      domain.PlanID      `json:"plan,omitzero"`
	Result    domain.ResultID    `json:"result,omitzero"`
	Indicator domain.IndicatorID `json:"indicator,omitzero"`
}

// CloseCause is why a plan ended.
type CloseCause string

const (
	// YearEnd of the period. Istilah: akhir tahun.
	YearEnd CloseCause = "akhir-tahun"
	// Transfer to another post. Istilah: mutasi.
	Transfer CloseCause = "mutasi"
	// Separation from the service. Istilah: berhenti.
	Separation CloseCause = "berhenti"
)
