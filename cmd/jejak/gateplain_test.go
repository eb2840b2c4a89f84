package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
)

// plainStore is the event store that anybody would begin with: a table, and an
// INSERT with its own commit. It is the peer of the product's store behind the
// very same endpoint.
type plainStore struct {
	pool    *pgxpool.Pool
	catalog *catalog.Catalog
}

const plainStoreTable = `create schema if not exists plain; create table if not exists plain.log (
	pos bigserial primary key, stream text not null, revision bigint not null, id uuid not null, type text not null,
	data bytea not null, meta bytea not null, unique (stream, revision))`

// Load reads a stream.
func (s plainStore) Load(ctx context.Context, stream string) ([]domain.Recorded, error) {
	rows, err := s.pool.Query(ctx, `select pos, revision, id::text, type, data, meta from plain.log where stream = $1 order by revision`, stream)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (domain.Recorded, error) {
		r := domain.Recorded{Stream: stream}
		var position, revision int64
		var id string
		var meta []byte
		if err := row.Scan(&position, &revision, &id, &r.Name, &r.Data, &meta); err != nil {
			return r, err
		}
		r.Position, r.Revision, r.ID = uint64(position), uint64(revision), domain.EventID(id)
		var err error
		if r.Body, err = s.catalog.Decode(r.Name, r.Data); err != nil {
			return r, err
		}
		return r, json.Unmarshal(meta, &r.Meta)
	})
}

// Append inserts, in one transaction.
func (s plainStore) Append(ctx context.Context, stream string, after int64, events []commands.NewEvent) (commands.Place, error) {
	var b pgx.Batch
	var position int64
	for i, e := range events {
		name, data, err := s.catalog.Encode(e.Body)
		if err != nil {
			return commands.Place{}, err
		}
		meta, err := json.Marshal(e.Meta)
		if err != nil {
			return commands.Place{}, err
		}
		b.Queue(`insert into plain.log (stream, revision, id, type, data, meta) values ($1, $2, $3, $4, $5, $6) returning pos`,
			stream, after+1+int64(i), string(e.ID), name, data, meta).QueryRow(func(row pgx.Row) error { return row.Scan(&position) })
	}
	err := s.pool.SendBatch(ctx, &b).Close()
	if taken, ok := errors.AsType[*pgconn.PgError](err); ok && taken.Code == "23505" { // unique_violation
		return commands.Place{}, commands.ErrMoved
	}
	return commands.Place{Revision: uint64(after + int64(len(events))), Position: uint64(position)}, err
}

// copyLog puts all that the product has stored into another store.
func (r *rooms) copyLog(ctx context.Context, to commands.Store) error {
	for after := uint64(0); ; {
		entries, err := r.events.ReadAll(ctx, after, eventlog.MaxBatch, false)
		if err != nil || len(entries) == 0 {
			return err
		}
		for _, e := range entries {
			_, err := to.Append(ctx, e.Stream, int64(e.Revision)-1, []commands.NewEvent{{ID: e.ID, Body: e.Body, Meta: e.Meta}})
			if err != nil {
				return fmt.Errorf("copy %s: %w", e.Stream, err)
			}
			after = e.Position
		}
	}
}
