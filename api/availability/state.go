package availability

import (
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// Condition is one of the ways in which the event store can be.
type Condition string

const (
	// Ready takes commands.
	Ready Condition = "ready"
	// Away does not answer, or has no leader; it comes back without our doing.
	Away Condition = "away"
	// Refused answers, but is not the store that the read models belong to: no
	// command is accepted until somebody acts.
	Refused Condition = "refused"
)

// Conditions lists every condition.
var Conditions = []Condition{Ready, Away, Refused}

// State is how the event store is now.
type State struct {
	Condition Condition
	// Since is when the condition began.
	Since time.Time
	// Reason is what a command is answered; nil when Ready.
	Reason *domain.Error
	// AsOf is a time up to which the read models hold everything that was stored;
	// zero while none is known.
	AsOf time.Time
	// Head is the newest position of the log that was seen, 0 before the first answer.
	Head uint64
}

// Err gives the reason as an error; nil when Ready.
func (s State) Err() error {
	if s.Reason == nil {
		return nil
	}
	return s.Reason
}

// errUnread is what a reader of the log itself is answered while the store is away.
var errUnread = &domain.Error{Kind: domain.Unavailable, Slug: "log-away", Detail: "this is read from the log itself, and the event store is away"}

// errAway is what commands are answered while the store is away.
var errAway = &domain.Error{Kind: domain.Unavailable, Slug: "event-store-away", Detail: "the event store is away; nothing was stored"}
