package timeline

import (
	"encoding/json"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// Kind groups entries for the filter; it is the category of the fact's stream.
type Kind string

// The kinds of entries.
const (
	Service   Kind = "person"
	Plan      Kind = "plan"
	Progress  Kind = "progress"
	Feedback  Kind = "feedback"
	Appraisal Kind = "appraisal"
)

// Kinds lists every kind in the order of the filter.
var Kinds = []Kind{Progress, Feedback, Plan, Appraisal, Service}

// Entry is one fact about a person.
type Entry struct {
	Position uint64
	Person   domain.PersonID
	Kind     Kind
	// Name is the fact's stored name.
	Name       string
	Stream     string
	Revision   uint64
	Event      domain.EventID
	Actor      domain.PersonID
	Capacity   domain.Capacity
	RecordedAt time.Time
	// EffectiveAt is since when it holds; Day is its office day.
	EffectiveAt time.Time
	Day         domain.Date
	// Reason of the actor, sealed.
	Reason domain.Sealed
	// Body is the fact as stored, canonical JSON; decode it with Name.
	Body json.RawMessage
}
