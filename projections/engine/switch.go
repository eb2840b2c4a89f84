package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	// holdLimit bounds how long the present edition is kept from being written
	// while the other one reads the last facts. Readers are not kept from anything.
	holdLimit = 2 * time.Second

	// lockLimit is how long the switch waits for a running query to let go of a
	// table: the queries that come after it wait for as long.
	lockLimit = 25 * time.Millisecond

	// maxLockTries is how often the switch makes way for slow queries.
	maxLockTries = 100

	// lockPause lets those queries through that waited for us.
	lockPause = 100 * time.Millisecond
)

// bookkeeping are the engine's own tables with the column that names the projection.
var bookkeeping = map[string]string{"projection": "name", "parked": "projection", "parked_fact": "projection"}

// Switch makes this edition the present one, and the present one Former, whose
// place must be free unless it is this one. It gives how long queries were kept
// waiting. Engines of other processes meet a checkpoint that has moved, and follow.
//
// When it fails, everything stays as it was; when the answer to the commit was
// lost, the error is ErrOutage, and Editions tells which it is.
func (b *Beside) Switch(ctx context.Context, read Read) (waited time.Duration, err error) {
	if b.edition != Former {
		if err := b.present.drop(ctx, b.track, Former); err != nil {
			return 0, err
		}
	}
	if err := b.analyze(ctx); err != nil {
		return 0, err
	}
	return b.exchange(ctx, func(ctx context.Context) (waited time.Duration, err error) {
		if err := b.Approach(ctx, read, func(int) {}); err != nil {
			return 0, err
		}
		err = b.held(ctx, read, func(ctx context.Context, tx pgx.Tx) error {
			waited, err = b.swap(ctx, tx)
			return err
		})
		return waited, err
	})
}

// exchange tries to exchange the editions until no query holds a table for too long.
func (b *Beside) exchange(ctx context.Context, attempt func(context.Context) (time.Duration, error)) (waited time.Duration, err error) {
	for try := 1; ; try++ {
		waited, err = attempt(ctx)
		if err == nil {
			break
		}
		if !lockTimeout(err) || try == maxLockTries {
			return 0, fmt.Errorf("switch %s: %w", b.track.Name, outage(ctx, err))
		}
		if err := rest(ctx, lockPause); err != nil {
			return 0, err
		}
	}
	b.present.options.Log.Info("switched a projection", slog.String("projection", b.track.Name),
		slog.String("edition", b.edition), slog.Duration("queries_waited", waited))
	_, err = b.present.Checkpoint(ctx, b.track.Name) // takes note of the new edition
	return waited, err
}

// Approach fills the edition up to where the present one is now.
func (b *Beside) Approach(ctx context.Context, read Read, report func(facts int)) error {
	upTo, err := b.present.Checkpoint(ctx, b.track.Name)
	if err != nil {
		return err
	}
	return b.Fill(ctx, upTo, read, report)
}

// held calls do in a transaction in which both editions stand at the same place:
// nobody can move the present checkpoint until it ends.
func (b *Beside) held(ctx context.Context, read Read, do func(ctx context.Context, tx pgx.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, holdLimit)
	defer cancel()
	return pgx.BeginFunc(ctx, b.present.pool, func(tx pgx.Tx) error {
		var position int64
		err := tx.QueryRow(ctx, `select position from projection where name = $1 for update`, b.track.Name).Scan(&position)
		if err != nil {
			return err
		}
		if err := b.Fill(ctx, uint64(position), read, func(int) {}); err != nil {
			return err
		}
		return do(ctx, tx)
	})
}

// swap moves the tables; the lock on them is held from here to the commit.
func (b *Beside) swap(ctx context.Context, tx pgx.Tx) (time.Duration, error) {
	var edition int64
	if err := tx.QueryRow(ctx, `select edition from projection where name = $1`, b.track.Name).Scan(&edition); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, fmt.Sprintf(`set local lock_timeout = %d`, lockLimit.Milliseconds())); err != nil {
		return 0, err
	}
	path := [][2]string{{Schema, moving}, {b.edition, Schema}, {moving, Former}}
	if b.edition != Former {
		path = [][2]string{{Schema, Former}, {b.edition, Schema}}
	}
	var rows, tables strings.Builder
	for _, m := range path {
		rows.WriteString(b.track.moveRows(m[0], m[1]))
		tables.WriteString(b.track.moveTables(m[0], m[1]))
	}
	// The engine's own rows first: no query of a page waits for them.
	if _, err := tx.Exec(ctx, rows.String(), pgx.QueryExecModeSimpleProtocol); err != nil {
		return 0, err
	}
	// Above what any engine may remember, so that none writes by an older memory.
	if _, err := tx.Exec(ctx, `update projection set edition = $2 where name = $1`, b.track.Name, edition+1); err != nil {
		return 0, err
	}
	names := make([]string, len(b.track.Tables))
	for i, table := range b.track.Tables {
		names[i] = tableName(Schema, table)
	}
	begin := clock.Now()
	if _, err := tx.Exec(ctx, `lock table `+strings.Join(names, ", ")+` in access exclusive mode`); err != nil {
		return 0, err
	}
	_, err := tx.Exec(ctx, tables.String(), pgx.QueryExecModeSimpleProtocol)
	return clock.Now().Sub(begin), err
}

// moveTables is the SQL that carries a projection's tables to another schema.
func (t *track) moveTables(from, to string) string {
	var sql strings.Builder
	for _, table := range t.Tables {
		fmt.Fprintf(&sql, "alter table %s set schema %s;\n", tableName(from, table), to)
	}
	return sql.String()
}

// moveRows is the SQL that carries its checkpoint and parked streams.
func (t *track) moveRows(from, to string) string {
	var sql strings.Builder
	name := "'" + strings.ReplaceAll(t.Name, "'", "''") + "'"
	for table, column := range bookkeeping {
		fmt.Fprintf(&sql, "insert into %s select * from %s where %s = %s;\n", tableName(to, table), tableName(from, table), column, name)
		fmt.Fprintf(&sql, "delete from %s where %s = %s;\n", tableName(from, table), column, name)
	}
	return sql.String()
}

// analyze gives the planner figures of the new tables before anybody asks them.
func (b *Beside) analyze(ctx context.Context) error {
	for _, table := range b.track.Tables {
		if _, err := b.pool.Exec(ctx, `analyze `+tableName(b.edition, table)); err != nil {
			return fmt.Errorf("analyze %s of %s: %w", table, b.edition, err)
		}
	}
	return nil
}

func lockTimeout(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	return ok && answer.Code == "55P03"
}

func rest(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
