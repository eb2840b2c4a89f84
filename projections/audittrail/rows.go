package audittrail

import (
	"encoding/json"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// Entry is one fact: when, who, in what capacity, what, why, and where it lies.
type Entry struct {
	Position   uint64
	Stream     string
	Revision   uint64
	Event      domain.EventID
	Name       string
	RecordedAt time.Time
	// EffectiveAt is since when it holds; Day is the office day it speaks of.
	EffectiveAt time.Time
	Day         domain.Date
	StoredAt    time.Time
	Actor       domain.PersonID
	Capacity    domain.Capacity
	OnBehalfOf  domain.PersonID
	Authority   string
	// Reason of the actor, sealed.
	Reason      domain.Sealed
	Source      domain.Source
	Policy      string
	Correlation string
	Causation   string
	Command     domain.CommandID
	// Request binds the command's content; Salt the event's digest.
	Request string
	Salt    string
	// Subject, Unit, Indicator, Plan and Result the fact is about, where it is;
	// taken from the stream's first fact when it does not say so itself.
	Subject   domain.PersonID
	Unit      domain.UnitID
	Indicator domain.IndicatorID
	Plan      domain.PlanID
	Result    domain.ResultID
	// Value and Kind say in one word what the fact says; Period its year or period.
	Value  string
	Kind   string
	Period string
	// Body is the fact as stored: canonical JSON (RFC 8785), byte for byte.
	Body json.RawMessage
}

// Order of a list.
type Order int

const (
	// NewestFirst is what people look for.
	NewestFirst Order = iota
	// OldestFirst reads a story.
	OldestFirst
)

// Tally is how many facts a trail has.
type Tally struct {
	Facts int64
	// More says that there are more than MaxCount; then Facts is MaxCount.
	More bool
}
