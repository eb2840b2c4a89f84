package feedback

import "github.com/jejak-kinerja/jejak/domain"

// Event is a fact about one piece of feedback.
//
//sumtype:decl
type Event interface{ feedbackEvent() }

// Given says something to a person about the person's work. Istilah: umpan balik berkelanjutan.
type Given struct {
	Feedback domain.FeedbackID `json:"feedback"`
	About    domain.PersonID   `json:"about"`
	// Unit of the person then.
	Unit     domain.UnitID   `json:"unit,omitzero"`
	By       domain.PersonID `json:"by"`
	Relation Relation        `json:"relation"`
	Tone     Tone            `json:"tone"`
	// Report, or Plan and Result, it speaks of; all empty for work in general.
	Report domain.ReportID `json:"report,omitzero"`
	Plan   domain.PlanID   `json:"plan,omitzero"`
	Result domain.ResultID `json:"result,omitzero"`
	// Value it speaks of, if it is about behaviour.
	Value domain.Value  `json:"value,omitzero"`
	Text  domain.Sealed `json:"text"`
}

// Read says that the person has seen it. Istilah: dibaca pegawai.
type Read struct{}

// Replied is the next word between the two. Istilah: balasan umpan balik.
type Replied struct {
	By   domain.PersonID `json:"by"`
	Text domain.Sealed   `json:"text"`
}

// Disputed is the person's word that the feedback is unfair. Istilah: sanggahan umpan balik.
type Disputed struct {
	Reason domain.Sealed `json:"reason"`
}

func (Given) feedbackEvent()    {}
func (Read) feedbackEvent()     {}
func (Replied) feedbackEvent()  {}
func (Disputed) feedbackEvent() {}

// Stored lists every fact of the stream under its stored name.
var Stored = []domain.Entry{
	domain.Stored[Given]("feedback.given.v1"),
	domain.Stored[Read]("feedback.read.v1"),
	domain.Stored[Replied]("feedback.replied.v1"),
	domain.Stored[Disputed]("feedback.disputed.v1"),
}
