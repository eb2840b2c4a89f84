package audittrail

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/projections"
)

// MaxStreamFacts is the longest stream that Load gives, as with the event store:
// thousands of facts about one thing mean a broken writer.
const MaxStreamFacts = 20_000

// ErrIncomplete says that the read model lacks a fact of a stream: somebody left it
// out when it could not be applied. The event store has it.
var ErrIncomplete = errors.New("the audit trail lacks a fact of the stream")

var streamSQL = entrySQL + ` where f.stream = $1 order by f.position limit $2`

// Streams gives the facts of streams as the read model holds them, so that what
// only looks need not ask the event store. It may lag behind the log, by
// milliseconds as a rule.
type Streams struct {
	Read    projections.Querier
	Catalog *catalog.Catalog
}

// Load gives every fact of a stream in order, none for a stream that is not there;
// ErrIncomplete when one is missing.
// A trace is no part of a fact, and is not kept.
func (s Streams) Load(ctx context.Context, stream string) ([]domain.Recorded, error) {
	rows, _ := s.Read.Query(ctx, streamSQL, stream, MaxStreamFacts+1)
	entries, err := pgx.CollectRows(rows, toEntry)
	if err != nil {
		return nil, fmt.Errorf("read %s from the audit trail: %w", stream, err)
	}
	if len(entries) > MaxStreamFacts {
		return nil, fmt.Errorf("%s has more than %d facts", stream, MaxStreamFacts)
	}
	facts := make([]domain.Recorded, len(entries))
	for i, e := range entries {
		if facts[i], err = e.recorded(s.Catalog); err != nil {
			return nil, fmt.Errorf("read %s from the audit trail: %w", stream, err)
		}
		if facts[i].Revision != uint64(i) {
			return nil, fmt.Errorf("%w %s: revision %d", ErrIncomplete, stream, i)
		}
	}
	return facts, nil
}

// recorded is the fact as the event store would give it.
func (e Entry) recorded(known *catalog.Catalog) (domain.Recorded, error) {
	body, err := known.Decode(e.Name, e.Body)
	return domain.Recorded{
		Position: e.Position, Stream: e.Stream, Revision: e.Revision, ID: e.Event, Name: e.Name, Body: body, Data: e.Body, StoredAt: e.StoredAt,
		Meta: domain.Meta{
			Command: e.Command, Request: e.Request, Actor: e.Actor, Capacity: e.Capacity, OnBehalfOf: e.OnBehalfOf, Authority: e.Authority,
			Reason: e.Reason, Source: e.Source, Policy: e.Policy, Correlation: e.Correlation, Causation: e.Causation,
			RecordedAt: e.RecordedAt, EffectiveAt: e.EffectiveAt, Salt: e.Salt,
		},
	}, err
}
