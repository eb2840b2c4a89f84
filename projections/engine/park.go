package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// Parking says that the facts of a stream wait, and which fact made them wait.
type Parking struct {
	Projection string
	Stream     string
	Position   uint64 // of the fact that failed
	Revision   uint64
	Event      domain.EventID
	Name       string // the event's stored name
	Reason     string // the error, without values from the body
	Since      time.Time
	Waiting    int64 // facts, the failed one included; known by Parked only
}

func (e *Engine) parking(projection string, fact *Fact, fault error) Parking {
	return Parking{
		Projection: projection, Stream: fact.Stream, Position: fact.Position, Revision: fact.Revision,
		Event: fact.ID, Name: fact.Name, Reason: reason(fault), Since: e.options.Clock(), Waiting: 1,
	}
}

func queueParking(out *projections.Writes, p Parking) {
	out.Of(p.Stream).Exec(`insert into parked (projection, stream, position, revision, event_id, event_name, error, since)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.Projection, p.Stream, int64(p.Position), int64(p.Revision), string(p.Event), p.Name, p.Reason, p.Since)
}

func queueWaiting(out *projections.Writes, projection string, fact *Fact) {
	out.Of(fact.Stream).Exec(`insert into parked_fact (projection, stream, position) values ($1, $2, $3)`,
		projection, fact.Stream, int64(fact.Position))
}

// Parked lists what waits in the engine's projections, oldest first, at most
// MaxParkedListed.
func (e *Engine) Parked(ctx context.Context) ([]Parking, error) {
	rows, err := e.pool.Query(ctx, `
		select p.projection, p.stream, p.position, p.revision, p.event_id, p.event_name, p.error, p.since at time zone 'UTC',
		       (select count(*) from parked_fact f where f.projection = p.projection and f.stream = p.stream)
		  from parked p where p.projection = any($2) order by p.since, p.projection, p.position limit $1`, MaxParkedListed, e.names)
	if err != nil {
		return nil, fmt.Errorf("list parked streams: %w", err)
	}
	parked, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Parking])
	if err != nil {
		return nil, fmt.Errorf("list parked streams: %w", err)
	}
	return parked, nil
}
