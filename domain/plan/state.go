package plan

import "github.com/jejak-kinerja/jejak/domain"

// Status is where a plan stands. Istilah: status SKP.
type Status string

const (
	// Draft is being written. Istilah: draf.
	Draft Status = "draft"
	// AwaitingSignature was submitted. Istilah: diajukan.
	AwaitingSignature Status = "submitted"
	// SentBack was returned and is written again. Istilah: dikembalikan.
	SentBack Status = "returned"
	// Valid is signed by both. Istilah: ditetapkan.
	Valid Status = "established"
	// Ended takes no more facts. Istilah: ditutup.
	Ended Status = "closed"
)

// Statuses lists every status, in the order of a plan's life.
var Statuses = []Status{Draft, AwaitingSignature, SentBack, Valid, Ended}

// State is what the facts say about one plan.
type State struct {
	Plan      domain.PlanID
	Person    domain.PersonID
	Appraiser domain.PersonID
	Unit      domain.UnitID
	Post      string
	Leader    bool
	Span      domain.Span
	Acting    domain.Capacity
	Status    Status

	// Draft is the content being written; it equals Valid while nothing is changed.
	Draft Content
	// Valid is the content established last, as Version; Version is 0 before the first.
	Valid   Content
	Version int
	// Established is the digest of Valid.
	Established string

	// Submitted is the digest of the content offered for signature; the other two
	// are the digests that were signed. All are empty while a draft is written.
	Submitted         string
	SignedByEmployee  string
	SignedByAppraiser string

	LastDay domain.Date
	Cause   CloseCause
}

// Exists says whether the plan was opened.
func (s State) Exists() bool { return s.Plan != "" }

// Writing says whether a content is being written that is not yet submitted.
func (s State) Writing() bool { return s.Status == Draft || s.Status == SentBack }

// DraftVersion is the version that the next establishment will have.
func (s State) DraftVersion() int { return s.Version + 1 }

// Binding is the content that holds: the valid one, and before there is one the draft.
func (s State) Binding() Content {
	if s.Version > 0 {
		return s.Valid
	}
	return s.Draft
}

// Provisional lists the draft's main results of staff that serve nothing yet:
// neither a superior's result nor an indicator of the city. Istilah: belum selaras.
func (s State) Provisional() []domain.ResultID {
	var ids []domain.ResultID
	for _, r := range s.Draft.Results {
		if !s.Leader && r.Kind == Main && r.Serves == (Serves{}) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Aspects lists what the plan's indicators may look at.
func (s State) Aspects() []Aspect {
	if s.Leader {
		return LeaderAspects
	}
	return StaffAspects
}

// Evolve moves the state on by one fact.
func Evolve(s State, event Event) State {
	switch e := event.(type) {
	case Opened:
		s.Plan, s.Person, s.Appraiser, s.Unit, s.Post = e.Plan, e.Person, e.Appraiser, e.Unit, e.Post
		s.Leader, s.Span, s.Acting, s.Status = e.Leader, e.Span, e.Acting, Draft
	case AppraiserChanged:
		// What the former appraiser signed alone does not bind the next one.
		s.Appraiser = e.Appraiser
		if s.Status == AwaitingSignature {
			s.SignedByAppraiser = ""
		}
	case ResultAdded, ResultAmended, ResultWithdrawn, IndicatorSet, IndicatorRemoved, BehaviourExpected:
		s.Draft = s.Draft.with(event)
		if s.Status != SentBack {
			s.Status = Draft
		}
		s = s.unsigned()
	case Submitted:
		s = s.unsigned()
		s.Status, s.Submitted = AwaitingSignature, e.Content
	case Returned:
		s = s.unsigned()
		s.Status = SentBack
	case SignedByEmployee:
		s.SignedByEmployee = e.Content
	case SignedByAppraiser:
		s.SignedByAppraiser = e.Content
	case Established:
		s.Status, s.Valid, s.Version, s.Established = Valid, s.Draft.clone(), e.Version, e.Content
	case SignatureWithdrawn:
		s = s.unsigned()
		s.Status = Draft
	case Closed:
		s.Status, s.LastDay, s.Cause = Ended, e.LastDay, e.Cause
	}
	return s
}

func (s State) unsigned() State {
	s.Submitted, s.SignedByEmployee, s.SignedByAppraiser = "", "", ""
	return s
}
