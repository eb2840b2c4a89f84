package plan

import "github.com/jejak-kinerja/jejak/domain"

// Event is a fact about one plan.
//
//sumtype:decl
type Event interface{ planEvent() }

// Opened starts a plan for one person, post and period. Istilah: pembukaan SKP.
type Opened struct {
	Plan      domain.PlanID   `json:"plan"`
	Person    domain.PersonID `json:"person"`
	Appraiser domain.PersonID `json:"appraiser,omitzero"`
	Unit      domain.UnitID   `json:"unit"`
	Post      string          `json:"post"`
	// Leader plans carry perspectives instead of aspects (JPT, heads of independent units).
	Leader bool        `json:"leader,omitzero"`
	Span   domain.Span `json:"span"`
	// Acting is plt or plh when the plan is for an acting post.
	Acting domain.Capacity `json:"acting,omitzero"`
}

// AppraiserChanged names another appraiser from now on. Istilah: perubahan pejabat penilai.
type AppraiserChanged struct {
	Appraiser domain.PersonID `json:"appraiser"`
}

// ResultAdded adds a result to reach. Istilah: rencana hasil kerja (RHK).
type ResultAdded struct {
	Result  domain.ResultID `json:"result"`
	Kind    ResultKind      `json:"kind"`
	Wording string          `json:"wording"`
	Serves  Serves          `json:"serves,omitzero"`
}

// ResultAmended rewords a result or links it anew. Istilah: perubahan RHK.
type ResultAmended struct {
	Result  domain.ResultID `json:"result"`
	Wording string          `json:"wording"`
	Serves  Serves          `json:"serves,omitzero"`
}

// ResultWithdrawn takes a result out of the plan. Istilah: penghapusan RHK.
type ResultWithdrawn struct {
	Result domain.ResultID `json:"result"`
}

// IndicatorSet says how a result is measured; setting the same key again replaces it.
// Istilah: indikator kinerja individu.
type IndicatorSet struct {
	Result domain.ResultID `json:"result"`
	// Key names the indicator inside the result: "i1", "i2", ….
	Key     string `json:"key"`
	Wording string `json:"wording"`
	// Aspect is kuantitas, kualitas, waktu or biaya; for leaders a perspective.
	Aspect  Aspect         `json:"aspect"`
	Target  domain.Decimal `json:"target_hundredths"`
	Measure string         `json:"measure"`
}

// IndicatorRemoved takes an indicator out. Istilah: penghapusan indikator.
type IndicatorRemoved struct {
	Result domain.ResultID `json:"result"`
	Key    string          `json:"key"`
}

// BehaviourExpected is the leader's special expectation on one value. Istilah: ekspektasi khusus pimpinan.
type BehaviourExpected struct {
	Value       domain.Value `json:"value"`
	Expectation string       `json:"expectation"`
}

// Submitted offers the content for signature. Istilah: pengajuan SKP.
type Submitted struct {
	// Content is the digest of the plan's content (see ContentDigest).
	Content string `json:"content"`
}

// Returned sends the plan back to its author with a reason. Istilah: pengembalian SKP.
type Returned struct {
	Reason domain.Sealed `json:"reason"`
}

// SignedByEmployee binds the employee to the content. Istilah: tanda tangan pegawai.
type SignedByEmployee struct {
	Content string `json:"content"`
}

// SignedByAppraiser binds the appraiser to the same content. Istilah: tanda tangan pejabat penilai.
type SignedByAppraiser struct {
	Content string `json:"content"`
}

// Established makes the plan valid: both signed the same content. Istilah: penetapan SKP.
type Established struct {
	Content string `json:"content"`
	Version int    `json:"version"`
}

// SignatureWithdrawn reopens an established plan as a new draft; the established
// version stays valid until the next one is. Istilah: pencabutan tanda tangan.
type SignatureWithdrawn struct {
	Reason domain.Sealed `json:"reason"`
}

// Closed ends the plan. Istilah: penutupan SKP.
type Closed struct {
	LastDay domain.Date `json:"last_day"`
	Cause   CloseCause  `json:"cause"`
}

func (Opened) planEvent()             {}
func (AppraiserChanged) planEvent()   {}
func (ResultAdded) planEvent()        {}
func (ResultAmended) planEvent()      {}
func (ResultWithdrawn) planEvent()    {}
func (IndicatorSet) planEvent()       {}
func (IndicatorRemoved) planEvent()   {}
func (BehaviourExpected) planEvent()  {}
func (Submitted) planEvent()          {}
func (Returned) planEvent()           {}
func (SignedByEmployee) planEvent()   {}
func (SignedByAppraiser) planEvent()  {}
func (Established) planEvent()        {}
func (SignatureWithdrawn) planEvent() {}
func (Closed) planEvent()             {}

// Stored lists every fact of the stream under its stored name.
var Stored = []domain.Entry{
	domain.Stored[Opened]("plan.opened.v1"),
	domain.Stored[AppraiserChanged]("plan.appraiser-changed.v1"),
	domain.Stored[ResultAdded]("plan.result-added.v1"),
	domain.Stored[ResultAmended]("plan.result-amended.v1"),
	domain.Stored[ResultWithdrawn]("plan.result-withdrawn.v1"),
	domain.Stored[IndicatorSet]("plan.indicator-set.v1"),
	domain.Stored[IndicatorRemoved]("plan.indicator-removed.v1"),
	domain.Stored[BehaviourExpected]("plan.behaviour-expected.v1"),
	domain.Stored[Submitted]("plan.submitted.v1"),
	domain.Stored[Returned]("plan.returned.v1"),
	domain.Stored[SignedByEmployee]("plan.signed-by-employee.v1"),
	domain.Stored[SignedByAppraiser]("plan.signed-by-appraiser.v1"),
	domain.Stored[Established]("plan.established.v1"),
	domain.Stored[SignatureWithdrawn]("plan.signature-withdrawn.v1"),
	domain.Stored[Closed]("plan.closed.v1"),
}
