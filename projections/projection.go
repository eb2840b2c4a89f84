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
// with those of many other facts, in order, in one transaction with the
// projection's checkpoint; so Apply never reads and never waits.
type Statements interface {
	Exec(sql string, args ...any)
	// Row is for facts that only add: the rows of many facts go through one
	// statement, in which $n is the array of their n-th values. It is sent after
	// every Exec of the transaction, so none of these may look for its rows.
	Row(sql string, values ...any)
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
