package engine

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// Engine fills the read models. Safe for concurrent use; facts of one projection
// are applied one batch at a time.
type Engine struct {
	pool    *pgxpool.Pool
	schema  string // Schema, but for an edition beside
	options Options
	tracks  map[string]*track
	names   []string // in the order given
	changes *changes
	leases  *leases
}

// Open makes missing tables and reads the checkpoints. The pool comes from
// Connect and stays the caller's.
func Open(ctx context.Context, pool *pgxpool.Pool, list []projections.Projection, o Options) (*Engine, error) {
	return openIn(ctx, pool, Schema, list, o)
}

func openIn(ctx context.Context, pool *pgxpool.Pool, schema string, list []projections.Projection, o Options) (*Engine, error) {
	o.setDefaults()
	if err := check(list); err != nil {
		return nil, fmt.Errorf("open the read models: %w", err)
	}
	e := &Engine{pool: pool, schema: schema, options: o, tracks: map[string]*track{}, changes: newChanges(), leases: newLeases(o.Leased)}
	if err := e.register(ctx, list); err != nil {
		return nil, fmt.Errorf("open the read models: %w", err)
	}
	for _, p := range list {
		t := newTrack(p)
		if err := e.recall(ctx, t); err != nil {
			return nil, fmt.Errorf("open the read models: %w", err)
		}
		if err := e.index(ctx, t); err != nil {
			return nil, fmt.Errorf("open the read models: %w", err)
		}
		e.tracks[p.Name], e.names = t, append(e.names, p.Name)
	}
	return e, nil
}

// Names lists the projections in the order given to Open.
func (e *Engine) Names() []string { return e.names }

// Position is up to where this engine knows the projection to be filled; 0 when
// it knows no such projection.
func (e *Engine) Position(name string) uint64 {
	if t, ok := e.tracks[name]; ok {
		position, _ := t.progress.now()
		return position
	}
	return 0
}

// Reached is a place that a projection has come to.
type Reached struct {
	Position uint64
	Facts    Count // that the log holds up to Position
}

// Reached reads from the database up to where the projection is filled.
func (e *Engine) Reached(ctx context.Context, name string) (Reached, error) {
	t, err := e.track(name)
	if err != nil {
		return Reached{}, err
	}
	if err := t.take(ctx); err != nil {
		return Reached{}, err
	}
	defer t.give()
	if err := e.recall(ctx, t); err != nil {
		return Reached{}, err
	}
	return Reached{t.position, t.facts}, nil
}

// Checkpoint is the position of Reached. Read on from there.
func (e *Engine) Checkpoint(ctx context.Context, name string) (uint64, error) {
	at, err := e.Reached(ctx, name)
	return at.Position, err
}

func (e *Engine) track(name string) (*track, error) {
	t, ok := e.tracks[name]
	if !ok {
		return nil, domain.Missing("projection-unknown", "there is no projection %q", name)
	}
	return t, nil
}
