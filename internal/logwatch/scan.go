package logwatch

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Event is one of the whole log, as far as the scan needs it.
type Event struct {
	Place
	Stream, Name string
	Revision     uint64
	// Cut is the stream that the event cuts or makes whole again, "" for none, and
	// How what it did to it, "" for whole.
	Cut, How string
	// Foreign says that it is no fact, in a stream of the ledger or under one of its names.
	Foreign bool
}

// CutStream is a stream of which events are hidden.
type CutStream struct {
	Stream, What string
	Position     uint64 // of the event that tells of it
}

// Foreign is an event of somebody else among the ledger's.
type Foreign struct {
	Position uint64
	Stream   string
	Revision uint64
	Name     string
}

// Outside is what outsiders did to the ledger's streams, as far as the log was searched.
type Outside struct {
	Cut []CutStream // in the order of the log, at most MaxListed
	// Foreign events, the first MaxListed of them; ForeignTotal counts all.
	Foreign      []Foreign
	ForeignTotal int64
}

// MaxListed bounds each list of Outside, and how many foreign events are kept.
const MaxListed = 1_000

// ReadOutside gives what was found so far; nothing where nobody has searched.
func ReadOutside(ctx context.Context, db querier) (o Outside, err error) {
	wrap := func(err error) (Outside, error) {
		if err == nil || neverMade(err) {
			return o, nil
		}
		return o, fmt.Errorf("read what outsiders did to the log: %w", err)
	}
	rows, err := db.Query(ctx, `select stream, what, position from operations.cut_stream order by position limit $1`, MaxListed)
	if err != nil {
		return wrap(err)
	}
	if o.Cut, err = pgx.CollectRows(rows, pgx.RowToStructByPos[CutStream]); err != nil {
		return wrap(err)
	}
	if rows, err = db.Query(ctx, `select position, stream, revision, name from operations.foreign_event order by position limit $1`, MaxListed); err != nil {
		return wrap(err)
	}
	if o.Foreign, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Foreign]); err != nil {
		return wrap(err)
	}
	if rows, err = db.Query(ctx, `select foreign_events from operations.log_scan`); err != nil {
		return wrap(err)
	}
	_, err = pgx.ForEachRow(rows, []any{&o.ForeignTotal}, func() error { return nil })
	return wrap(err)
}

// Scan searches what the log has beyond the place up to which it was searched.
// read gives the events strictly after a place, none at the end. Several processes
// may scan: each page is taken down once.
func (b *Book) Scan(ctx context.Context, read func(ctx context.Context, after Place) ([]Event, error)) error {
	for {
		at, err := b.scanned(ctx)
		if err != nil {
			return err
		}
		page, err := read(ctx, at)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := b.take(ctx, at, page); err != nil {
			return fmt.Errorf("note what outsiders did to the log: %w", err)
		}
	}
}

func (b *Book) scanned(ctx context.Context) (at Place, err error) {
	err = b.pool.QueryRow(ctx, `select commit_position, prepare_position from operations.log_scan`).Scan(&at.Commit, &at.Prepare)
	if errors.Is(err, pgx.ErrNoRows) {
		return Place{}, nil
	}
	if err != nil {
		return at, fmt.Errorf("read up to where the log was searched: %w", err)
	}
	return at, nil
}

// take notes one page, unless somebody else has been faster.
func (b *Book) take(ctx context.Context, from Place, page []Event) error {
	foreign, last := int64(0), page[len(page)-1]
	batch := &pgx.Batch{}
	for _, e := range page {
		switch {
		case e.Cut != "" && e.How == "":
			batch.Queue(`delete from operations.cut_stream where stream = $1`, e.Cut)
		case e.Cut != "":
			batch.Queue(`insert into operations.cut_stream (stream, what, position) values ($1, $2, $3)
				on conflict (stream) do update set what = excluded.what, position = excluded.position`, e.Cut, e.How, int64(e.Commit))
		case e.Foreign:
			foreign++
			batch.Queue(`insert into operations.foreign_event (position, stream, revision, name)
				select $1, $2, $3, $4 where (select count(*) from operations.foreign_event) < $5 on conflict do nothing`,
				int64(e.Commit), e.Stream, int64(e.Revision), e.Name, MaxListed)
		}
	}
	return pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			insert into operations.log_scan as s (commit_position, prepare_position, foreign_events) values ($1, $2, $3)
			on conflict (one) do update set commit_position = $1, prepare_position = $2, foreign_events = s.foreign_events + $3
			 where s.commit_position = $4 and s.prepare_position = $5`,
			int64(last.Commit), int64(last.Prepare), foreign, int64(from.Commit), int64(from.Prepare))
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return tx.SendBatch(ctx, batch).Close()
	})
}
