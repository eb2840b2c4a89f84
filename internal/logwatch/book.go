package logwatch

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed schema.sql
var schema string

// schemaLock lets one process at a time make the tables.
const schemaLock = 0x6a656a616b10

// Identity is what the database knows of one log that it has belonged to.
type Identity struct {
	Number int // 1 for the first, one more with every adoption
	// ID is what readers of the feed know the log by: the id of its first event, and
	// for an earlier state of the same log a dash and 8 random digits behind it.
	ID    string
	First Place
	// Agreed is up to which position it is the same as the log before it: 0 for the
	// first one, and for one that has nothing of it.
	Agreed uint64
	Lost   int64 // facts that the read models had seen beyond Agreed
	Since  time.Time
	// Adopted: every read model was made from it. Otherwise an adoption was broken off.
	Adopted bool
}

// Book keeps in the database what is known of the log.
type Book struct{ pool *pgxpool.Pool }

// OpenBook makes the tables where they are missing.
func OpenBook(ctx context.Context, pool *pgxpool.Pool) (*Book, error) {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(schemaLock)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, schema, pgx.QueryExecModeSimpleProtocol)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("make the tables of the log's identity: %w", err)
	}
	return &Book{pool}, nil
}

// querier is a pool, a connection or a transaction.
type querier interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

const undefinedTable = "42P01"

// Lineage gives the logs that a database has belonged to, the present one last;
// none while it has not met a log with events.
func Lineage(ctx context.Context, db querier) ([]Identity, error) {
	rows, err := db.Query(ctx, `select number, id, first_commit, first_prepare, first_id, agreed, lost, since at time zone 'UTC', adopted
		from operations.log order by number`)
	lineage := []Identity(nil)
	if err == nil {
		lineage, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (i Identity, err error) {
			err = row.Scan(&i.Number, &i.ID, &i.First.Commit, &i.First.Prepare, &i.First.ID, &i.Agreed, &i.Lost, &i.Since, &i.Adopted)
			return i, err
		})
	}
	if neverMade(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read which log the database belongs to: %w", err)
	}
	return lineage, nil
}

// neverMade says that a table is missing: no program has opened the book yet.
func neverMade(err error) bool {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && refused.Code == undefinedTable
}

// Lineage of the book's own database.
func (b *Book) Lineage(ctx context.Context) ([]Identity, error) { return Lineage(ctx, b.pool) }

// Begin notes the first event of a log of which the database knows none: it is new,
// or has adopted an empty log. It changes nothing when it knows one.
func (b *Book) Begin(ctx context.Context, first Place, at time.Time) error {
	err := pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(schemaLock)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			insert into operations.log (number, id, first_commit, first_prepare, first_id, agreed, since)
			select 1, $3, $1, $2, $3, 0, $4 where not exists (select from operations.log)`,
			int64(first.Commit), int64(first.Prepare), first.ID, at)
		if err != nil {
			return err
		}
		id, err := identify(ctx, tx, first)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update operations.log set id = $3, first_commit = $1, first_prepare = $2, first_id = $4
			 where first_id = '' and number = (select max(number) from operations.log)`, int64(first.Commit), int64(first.Prepare), id, first.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("note the first event of the log: %w", err)
	}
	return nil
}

// Adopt makes the log that begins with first the database's, from now on; first is
// not noted when the log is empty. What was seen in the other log is forgotten.
// AdoptionEnds says when the read models are made of it.
func (b *Book) Adopt(ctx context.Context, first Place, agreed uint64, lost int64, at time.Time) error {
	err := pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(schemaLock)); err != nil {
			return err
		}
		id, err := identify(ctx, tx, first)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into operations.log (number, id, first_commit, first_prepare, first_id, agreed, lost, since, adopted)
			select coalesce(max(number), 0) + 1, $3, $1, $2, $7, $4, $5, $6, false from operations.log`,
			int64(first.Commit), int64(first.Prepare), id, int64(agreed), lost, at, first.ID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `delete from operations.cut_stream; delete from operations.foreign_event; delete from operations.log_scan`,
			pgx.QueryExecModeSimpleProtocol)
		return err
	})
	if err != nil {
		return fmt.Errorf("note the adopted log: %w", err)
	}
	return nil
}

// adoptionLock lets one process at a time adopt.
const adoptionLock = 0x6a656a616b11

// adoptionWait is how long an adoption waits for another one, which may have been
// killed a moment ago.
const adoptionWait = 5 * time.Second

// ErrAdopting refuses an adoption while another process is at it.
var ErrAdopting = errors.New("another adoption is under way: wait for its end")

// AdoptAlone does the work of an adoption while nobody else adopts.
func (b *Book) AdoptAlone(ctx context.Context, work func() error) error {
	conn, err := b.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("begin an adoption: %w", err)
	}
	own := conn.Hijack() // its end ends the lock
	defer own.Close(context.WithoutCancel(ctx))
	waiting, stop := context.WithTimeout(ctx, adoptionWait)
	defer stop()
	if _, err := own.Exec(waiting, `select pg_advisory_lock($1)`, int64(adoptionLock)); err != nil {
		if waiting.Err() != nil && ctx.Err() == nil {
			return ErrAdopting
		}
		return fmt.Errorf("begin an adoption: %w", err)
	}
	return work()
}

// AdoptionEnds says that every read model is made of the adopted log.
func (b *Book) AdoptionEnds(ctx context.Context) error {
	if _, err := b.pool.Exec(ctx, `update operations.log set adopted = true`); err != nil {
		return fmt.Errorf("end the adoption of the log: %w", err)
	}
	return nil
}

// identify names a log by its first event. One that has none, and one that begins as
// another log of the book did, get random digits: they are not that log.
func identify(ctx context.Context, tx pgx.Tx, first Place) (string, error) {
	if first.ID == "" {
		return randomDigits(), nil
	}
	var known bool
	if err := tx.QueryRow(ctx, `select exists (select from operations.log where first_id = $1)`, first.ID).Scan(&known); err != nil {
		return "", err
	}
	if known {
		return first.ID + "-" + randomDigits(), nil
	}
	return first.ID, nil
}

// randomDigits are eight, hexadecimal: enough to tell apart the states to which one
// log was ever put back.
func randomDigits() string {
	var b [4]byte
	rand.Read(b[:]) //nolint:errcheck // crypto/rand.Read never fails; it ends the program instead
	return hex.EncodeToString(b[:])
}

// Holds says whether a position that a reader has from a log of this lineage is one
// of the present log: it was read there, or both logs are the same up to it. id is
// what the reader knew the log by, "" for the first one: a reader who does not say it
// may have its position from before there was another.
func Holds(lineage []Identity, id string, position uint64) bool {
	if len(lineage) == 0 {
		return id == ""
	}
	if id == "" {
		id = lineage[0].ID
	}
	for n := len(lineage) - 1; n >= 0; n-- {
		if lineage[n].ID == id {
			return true
		}
		if position > lineage[n].Agreed {
			return false
		}
	}
	return false
}
