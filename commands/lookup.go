package commands

import (
	"context"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// Lookup answers who somebody is and who may see what, by the facts of streams.
// Commands look into the event store, whose facts are the newest; pages and the API
// look into a read model, which answers while the event store is away.
type Lookup struct {
	Streams Streams
	Clock   clock.Clock
	// Zone is the office's time zone: it decides which day an instant belongs to.
	Zone *time.Location
}

func (l Lookup) today() domain.Date { return domain.DateOf(l.Clock(), l.Zone) }

// PersonState folds the stream of a person; refused when there is no such person.
func (l Lookup) PersonState(ctx context.Context, id domain.PersonID) (person.State, error) {
	s, _, err := State(ctx, l.Streams, person.Decider, string(id))
	if err == nil && !s.Exists() {
		err = domain.Missing("person-unknown", "no such person")
	}
	return s, err
}

// UnitState folds the stream of a unit; refused when there is no such unit.
func (l Lookup) UnitState(ctx context.Context, id domain.UnitID) (unit.State, error) {
	s, _, err := State(ctx, l.Streams, unit.Decider, string(id))
	if err == nil && !s.Exists() {
		err = domain.Missing("unit-unknown", "no such unit")
	}
	return s, err
}

// lookup looks into the event store itself.
func (o *Office) lookup() Lookup { return Lookup{Streams: o.Store, Clock: o.Clock, Zone: o.Zone} }

// today is the office's calendar day.
func (o *Office) today() domain.Date { return o.lookup().today() }

// PersonState is Lookup.PersonState on the event store.
func (o *Office) PersonState(ctx context.Context, id domain.PersonID) (person.State, error) {
	return o.lookup().PersonState(ctx, id)
}

// UnitState is Lookup.UnitState on the event store.
func (o *Office) UnitState(ctx context.Context, id domain.UnitID) (unit.State, error) {
	return o.lookup().UnitState(ctx, id)
}

// MaySee is Lookup.MaySee on the event store.
func (o *Office) MaySee(ctx context.Context, actor, of domain.PersonID) (Sight, error) {
	return o.lookup().MaySee(ctx, actor, of)
}

func (o *Office) above(ctx context.Context, id domain.PersonID, on domain.Date, meets func(domain.PersonID) bool) (bool, error) {
	return o.lookup().above(ctx, id, on, meets)
}
