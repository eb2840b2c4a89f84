package engine

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/projections"
)

// An edition of a read model is its tables with their checkpoint and parked
// streams, in a PostgreSQL schema of its own. Names in a projection's SQL are
// unqualified, so the same SQL fills any edition: the pool's search_path says
// which. The edition in Schema is the one that is followed and read.
const (
	// Next is filled by a rebuild, to take the place of the present edition.
	Next = "readmodel_next"
	// Former was the present edition before the last switch; a rollback brings it back.
	Former = "readmodel_former"
	// Proof is filled only to be compared.
	Proof = "readmodel_proof"
	// moving holds an edition within a switch, and nothing between switches.
	moving = "readmodel_moving"
)

const (
	// besideConns are for the writing and the reading of a checkpoint.
	besideConns = 2

	// aloneLimit is how long Beside waits for somebody else at the same edition: as
	// long as the server may need to notice that a killed one is gone.
	aloneLimit = 5 * time.Second
)

// Beside is an edition of one projection beside the present one. The present one
// goes on being followed and read. For one goroutine; Close it.
type Beside struct {
	present *Engine
	track   *track // of the present edition
	edition string
	pool    *pgxpool.Pool
	alone   *pgx.Conn // holds the lock that keeps others from this edition
	engine  *Engine   // of this edition only
	target  uint64    // position up to which it is filled now; 0 while it is not
}

// Beside opens an edition where it stands, or makes an empty one. An edition made
// with another schema of the projection is dropped and made anew.
func (e *Engine) Beside(ctx context.Context, name, edition string) (*Beside, error) {
	t, err := e.track(name)
	if err != nil {
		return nil, err
	}
	if err := e.makeEditions(ctx); err != nil {
		return nil, err
	}
	config := e.pool.Config()
	config.MaxConns, config.MinConns = besideConns, 0
	config.ConnConfig.RuntimeParams["search_path"] = edition
	// A crash may take the last facts back together with their checkpoint; the
	// filling goes on from there. The switch itself commits durably, and all before it.
	config.ConnConfig.RuntimeParams["synchronous_commit"] = "off"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open %s of %s: %w", edition, name, err)
	}
	b := &Beside{present: e, track: t, edition: edition, pool: pool}
	if err := b.open(ctx); err != nil {
		b.Close()
		return nil, fmt.Errorf("open %s of %s: %w", edition, name, err)
	}
	return b, nil
}

func (b *Beside) open(ctx context.Context) (err error) {
	conn, err := b.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	b.alone = conn.Hijack()
	waiting, stop := context.WithTimeout(ctx, aloneLimit)
	defer stop()
	if _, err := b.alone.Exec(waiting, `select pg_advisory_lock(hashtextextended($1, 0))`, b.edition+"."+b.track.Name); err != nil {
		if waiting.Err() != nil && ctx.Err() == nil {
			return ErrEditionInUse
		}
		return err
	}
	var stored string
	err = b.pool.QueryRow(ctx, `select schema_digest from projection where name = $1`, b.track.Name).Scan(&stored)
	switch {
	case err == nil && stored != schemaDigest(b.track.Projection):
		if err := b.present.drop(ctx, b.track, b.edition); err != nil {
			return err
		}
	case err != nil && !errors.Is(err, pgx.ErrNoRows):
		return err
	}
	b.engine, err = openIn(ctx, b.pool, b.edition, []projections.Projection{b.track.Projection}, Options{
		Log: b.present.options.Log, Clock: b.present.options.Clock,
		NearEnd: func(_ context.Context, position uint64) (bool, error) {
			return b.target > 0 && position >= b.target, nil
		}, // the indexes come last
	})
	return err
}

// ErrEditionInUse says that somebody else works on the same edition.
var ErrEditionInUse = errors.New("somebody else works on this edition")

// Close ends the connections; the tables stay. A second Close does nothing.
func (b *Beside) Close() {
	if b.alone != nil {
		closing, stop := context.WithTimeout(context.Background(), aloneLimit)
		defer stop()
		if err := b.alone.Close(closing); err != nil { // the lock ends with its connection
			b.present.options.Log.Warn("closing the connection of an edition", slog.Any("error", err))
		}
	}
	b.pool.Close()
}

// Position is up to where the edition is filled.
func (b *Beside) Position() uint64 { return b.engine.Position(b.track.Name) }

// Facts is how many facts the log holds up to there.
func (b *Beside) Facts(ctx context.Context) (Count, error) {
	at, err := b.engine.Reached(ctx, b.track.Name)
	return at.Facts, err
}

// Fill applies the facts that follow the edition's checkpoint, up to a position.
// When it breaks off, whatever the reason, another Fill goes on from where it
// was. It fails when the log ends before the position. report hears how many facts
// the edition has by then.
func (b *Beside) Fill(ctx context.Context, upTo uint64, read Read, report func(facts int)) error {
	b.target = upTo
	skipped, err := b.present.skippedOf(ctx, b.track.Name)
	if err != nil {
		return err
	}
	if err := b.engine.leaveOut(ctx, b.track.Name, skipped, read); err != nil {
		return err
	}
	if err := b.engine.fillBut(ctx, b.track.Name, upTo, read, skipped, report); err != nil {
		return err
	}
	return b.engine.finish(ctx, b.track.Name)
}

// fillBut applies the facts that follow the checkpoint, up to a position, without
// some. It fails with Ended when the log ends before the position.
func (e *Engine) fillBut(ctx context.Context, name string, upTo uint64, read Read, skipped map[uint64]bool, report func(facts int)) error {
	from, err := e.Reached(ctx, name)
	if err != nil || from.Position >= upTo {
		return err
	}
	at, done := from.Position, int(max(from.Facts, 0))
	for facts, err := range until(read(ctx, at), upTo) {
		if err != nil {
			return fmt.Errorf("fill %s of %s: read the log: %w", e.schema, name, err)
		}
		if err := e.handleBut(ctx, name, at, facts, skipped); err != nil {
			return fmt.Errorf("fill %s: %w", e.schema, err)
		}
		at, done = facts[len(facts)-1].Position, done+len(facts)
		report(done)
	}
	if at < upTo {
		return &Ended{Projection: name, At: at, Want: upTo}
	}
	return nil
}

// Ended says that a read model holds more than the log does.
type Ended struct {
	Projection string
	At, Want   uint64
}

func (e *Ended) Error() string {
	return fmt.Sprintf("the log ends at %d, but %s is filled up to %d", e.At, e.Projection, e.Want)
}

// until cuts the batches after a position.
func until(batches iter.Seq2[[]Fact, error], upTo uint64) iter.Seq2[[]Fact, error] {
	return func(yield func([]Fact, error) bool) {
		for facts, err := range batches {
			n := len(facts)
			for n > 0 && facts[n-1].Position > upTo {
				n--
			}
			if err != nil || n > 0 {
				if !yield(facts[:n], err) {
					return
				}
			}
			if err != nil || n < len(facts) || n > 0 && facts[n-1].Position == upTo {
				return
			}
		}
	}
}

// Discard drops an edition of a projection; there may be none.
func (e *Engine) Discard(ctx context.Context, name, edition string) error {
	t, err := e.track(name)
	if err != nil {
		return err
	}
	if err := e.makeEditions(ctx); err != nil {
		return err
	}
	return e.drop(ctx, t, edition)
}

func (e *Engine) drop(ctx context.Context, t *track, edition string) error {
	if edition == Schema {
		return fmt.Errorf("the present edition of %s is in use", t.Name)
	}
	err := pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		names := make([]string, len(t.Tables))
		for i, table := range t.Tables {
			names[i] = tableName(edition, table)
		}
		if _, err := tx.Exec(ctx, `drop table if exists `+strings.Join(names, ", ")); err != nil {
			return err
		}
		for table, column := range bookkeeping {
			if _, err := tx.Exec(ctx, `delete from `+tableName(edition, table)+` where `+column+` = $1`, t.Name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("drop %s of %s: %w", edition, t.Name, err)
	}
	return nil
}

// makeEditions makes the schemas of all editions, with the engine's own tables.
func (e *Engine) makeEditions(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(registerLock)); err != nil {
			return err
		}
		for _, edition := range []string{Next, Former, Proof, moving} {
			if _, err := tx.Exec(ctx, ownTablesIn(edition), pgx.QueryExecModeSimpleProtocol); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("make the schemas of the editions: %w", err)
	}
	return nil
}

// Editions tells up to where the editions beside are filled, by edition and
// projection; those that there are.
func (e *Engine) Editions(ctx context.Context) (map[string]map[string]uint64, error) {
	if err := e.makeEditions(ctx); err != nil {
		return nil, err
	}
	found := map[string]map[string]uint64{}
	for _, edition := range []string{Next, Former} {
		rows, err := e.pool.Query(ctx, `select name, position from `+tableName(edition, "projection"))
		if err != nil {
			return nil, fmt.Errorf("list the editions: %w", err)
		}
		found[edition] = map[string]uint64{}
		var name string
		var position int64
		if _, err := pgx.ForEachRow(rows, []any{&name, &position}, func() error {
			found[edition][name] = uint64(position)
			return nil
		}); err != nil {
			return nil, fmt.Errorf("list the editions: %w", err)
		}
	}
	return found, nil
}
