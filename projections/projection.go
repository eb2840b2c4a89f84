// Package projections is the answering side. A projection turns facts, in their
// order, into rows that answer one question; each question has its own package
// below, with its table, its apply and its queries side by side.
package projections

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
)

// Statements takes the writes that follow from one fact. They are sent together
// with those of many other facts in one transaction with the projection's
// checkpoint; so Apply never reads and never waits. Writes of the facts of one
// stream are sent in the order of the stream; those of different streams in any
// order, so what they share must not depend on it (a sum, a greatest position).
type Statements interface {
	// Exec sends a statement of its own: for facts that are rare.
	Exec(sql string, args ...any)
	// Each sends a row to a statement made by Over, together with the rows of
	// other facts; no two of them belong to the same stream.
	Each(sql string, values ...any)
	// Append is Each for facts that only add: all rows of a transaction go through
	// one statement, sent after every other. So none of these may look for its rows.
	Append(sql string, values ...any)
}

// Projection is one read model.
type Projection struct {
	// Name is also the prefix of its tables and carries a version: "personpage_v1".
	// A new meaning gets a new name and fills new tables beside the old.
	Name string
	// Schema is SQL that makes the tables and indexes when they are missing.
	Schema string
	// Tables lists the tables in Schema, for rebuild and comparison.
	Tables []string
	// Apply queues the writes for one fact. A fact that does not concern the
	// projection queues nothing. An error parks the fact's stream.
	Apply func(out Statements, fact domain.Recorded) error
}

// Querier reads rows; a pgx pool or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}
