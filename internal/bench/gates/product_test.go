package gates

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/internal/bus"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// product is the product's own way of data, from the event log to a read model.
type product struct {
	log    *eventlog.Log
	socket string // of its node
	pool   *pgxpool.Pool
	engine *engine.Engine
}

var silent = slog.New(slog.DiscardHandler)

// startProduct opens the rooms on a database of their own. The read model is made
// by fresh.
func startProduct(t testing.TB, c *cluster) *product {
	t.Helper()
	url := c.database()
	p := &product{socket: startNode(t, url)}
	events, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	if p.log, err = eventlog.Open(t.Context(), eventlog.Options{Socket: p.socket, Catalog: events, Log: silent}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.log.Close(); err != nil {
			t.Error(err)
		}
	})
	if p.pool, err = engine.Connect(t.Context(), url, 8); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.pool.Close)
	return p
}

// fresh empties the read model.
func (p *product) fresh(ctx context.Context) (err error) {
	if _, err := p.pool.Exec(ctx, `drop schema if exists readmodel cascade`); err != nil {
		return err
	}
	p.pool.Reset() // the connections remember plans for tables that are gone
	p.engine, err = engine.Open(ctx, p.pool, []projections.Projection{sums()}, engine.Options{Log: silent, NearEnd: p.log.NearEnd})
	return err
}

// carry runs the bus until ctx ends.
func (p *product) carry(ctx context.Context) error {
	return bus.Run(ctx, bus.Options{Source: source{p.log}, Log: silent, Outage: func(err error) bool { return errors.Is(err, engine.ErrOutage) },
		Handlers: []bus.Handler{{
			Name: sumsName,
			Checkpoint: func(ctx context.Context) (bus.Checkpoint, error) {
				at, err := p.engine.Checkpoint(ctx, sumsName)
				return bus.Checkpoint{Position: at}, err
			},
			Handle: func(ctx context.Context, after uint64, facts []bus.Fact) error {
				return p.engine.Handle(ctx, sumsName, after, facts)
			},
		}}})
}

// facts reads the log as a rebuild does.
func (p *product) facts(ctx context.Context, after uint64) iter.Seq2[[]engine.Fact, error] {
	return func(yield func([]engine.Fact, error) bool) {
		for entries, err := range p.log.Pages(ctx, after) {
			if !yield(asFacts(entries), err) {
				return
			}
		}
	}
}

func asFacts(entries []eventlog.Entry) []engine.Fact {
	facts := make([]engine.Fact, len(entries))
	for i, e := range entries {
		facts[i] = engine.Fact(e)
	}
	return facts
}

type source struct{ log *eventlog.Log }

func (s source) Subscribe(ctx context.Context, after uint64) (bus.Stream, error) {
	sub, err := s.log.Subscribe(ctx, after)
	if err != nil {
		return nil, err
	}
	return stream{sub}, nil
}

type stream struct{ sub *eventlog.Subscription }

func (s stream) Next(ctx context.Context) ([]bus.Fact, error) {
	for {
		b, err := s.sub.Next(ctx)
		if err != nil || len(b.Entries) > 0 {
			return asFacts(b.Entries), err
		}
	}
}

func (s stream) Close() error {
	s.sub.Close()
	return nil
}

const sumsName = "sums_v1"

// mixBy and mixModulo make a chain of the positions of a stream: any that is
// missing, doubled or out of order changes it.
const (
	mixBy     = 31
	mixModulo = 1_000_000_007
)

// sumsTable is the keyed read model that every variant fills.
const sumsTable = `(stream text primary key, total bigint not null, last bigint not null, chain bigint not null) with (fillfactor = 70)`

// sums is the read model as the product has one: a row a stream.
func sums() projections.Projection {
	upsert := projections.Over("stream text, amount bigint, at bigint", `insert into `+sumsName+` as s (stream, total, last, chain)
		select stream, amount, at, at from r
		on conflict (stream) do update set total = s.total + excluded.total, last = excluded.last, chain = (s.chain * 31 + excluded.last) % 1000000007`)
	return projections.Projection{
		Name: sumsName, Tables: []string{sumsName}, Schema: `create table if not exists ` + sumsName + ` ` + sumsTable,
		Apply: func(out projections.Statements, f domain.Recorded) error {
			reported, ok := f.Body.(progress.Reported)
			if !ok {
				return fmt.Errorf("%T is not a report", f.Body)
			}
			out.Each(upsert, f.Stream, int64(reported.Quantity), int64(f.Position))
			return nil
		},
	}
}

// fact is a report as a command stores one.
func fact(stream string, amount int) commands.NewEvent {
	at := time.Date(2026, 3, 2, 1, 2, 3, 4000, time.UTC)
	return commands.NewEvent{
		ID: domain.EventID(uuid.NewString()),
		Body: progress.Reported{
			Report: domain.ReportID(stream), Person: "0b6a1c52-6a3d-5f0e-9d41-2f1f8f0c1a01", Superior: "0b6a1c52-6a3d-5f0e-9d41-2f1f8f0c1a02",
			Unit: "dispar", Plan: "5d8f4f7e-0f43-5f5b-8a51-6f8d0d5f0b01", Result: "r1", On: "2026-03-02", Quantity: domain.Decimal(amount), Measure: "berkas",
			Text: "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
		},
		Meta: domain.Meta{Command: domain.CommandID(uuid.NewString()), Request: "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
			Actor: "0b6a1c52-6a3d-5f0e-9d41-2f1f8f0c1a01", Capacity: domain.Definitive, Authority: "self", Source: domain.FromAPI,
			RecordedAt: at, EffectiveAt: at, Salt: "MDEyMzQ1Njc4OWFiY2RlZg"},
	}
}
