package bus_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/bus"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// ordered keeps per stream the chain of its positions: any fact that is missing,
// doubled or out of order changes the number.
func ordered(name string) projections.Projection {
	return projections.Projection{
		Name: name, Tables: []string{name},
		Schema: `create table ` + name + ` (stream text primary key, chain bigint not null check (chain >= 0))`,
		Apply: func(out projections.Statements, f domain.Recorded) error {
			if f.Position == 5_000 {
				return errors.New("this one cannot be applied")
			}
			out.Exec(`insert into `+name+` as o (stream, chain) values ($1, $2)
				on conflict (stream) do update set chain = (o.chain * 31 + excluded.chain) % 1000000007`, f.Stream, int64(f.Position))
			return nil
		},
	}
}

func TestTenThousandFactsBecomeRowsInOrderAndABadOneStopsItsStreamOnly(t *testing.T) {
	l := newLog(10_000, 333)
	chains := map[string]int64{}
	for i := range l.facts {
		f := &l.facts[i]
		f.Stream = fmt.Sprint("test-", i%10)
		if i%10 == 4_999%10 && i >= 4_999 {
			continue // parked
		}
		chain, seen := chains[f.Stream]
		if seen {
			chain = (chain*31 + int64(f.Position)) % 1_000_000_007
		} else {
			chain = int64(f.Position)
		}
		chains[f.Stream] = chain
	}
	pool, err := engine.Connect(t.Context(), pgtest.URL(t), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	silent := slog.New(slog.DiscardHandler)
	e, err := engine.Open(t.Context(), pool, []projections.Projection{ordered("a_v1"), ordered("b_v1"), ordered("c_v1")}, engine.Options{Log: silent})
	if err != nil {
		t.Fatal(err)
	}
	o := bus.Options{Source: l, Log: silent, Outage: func(err error) bool { return errors.Is(err, engine.ErrOutage) }}
	for _, name := range e.Names() {
		o.Handlers = append(o.Handlers, bus.Handler{
			Name: name,
			Checkpoint: func(ctx context.Context) (bus.Checkpoint, error) {
				at, err := e.Checkpoint(ctx, name)
				return bus.Checkpoint{Position: at}, err
			},
			Handle: func(ctx context.Context, after uint64, facts []bus.Fact) error {
				return e.Handle(ctx, name, after, facts)
			},
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- bus.Run(ctx, o) }()
	soon, stopWaiting := context.WithTimeout(t.Context(), patience)
	defer stopWaiting()
	if err := e.WaitAll(soon, 10_000); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	for _, name := range e.Names() {
		for stream, want := range chains {
			var got int64
			if err := pool.QueryRow(t.Context(), `select chain from `+name+` where stream = $1`, stream).Scan(&got); err != nil || got != want {
				t.Errorf("%s of %s is %d, %v; want %d", stream, name, got, err, want)
			}
		}
	}
	parked, err := e.Parked(t.Context())
	if err != nil || len(parked) != 3 || parked[0].Position != 5_000 || parked[0].Waiting != 501 {
		t.Errorf("parked %+v, %v", parked, err)
	}
}
