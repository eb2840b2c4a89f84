package gates

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain/progress"
)

// check replays the log in memory and compares the read model with it: every fact
// applied once, and those of each stream in order.
func (p *product) check(t testing.TB) {
	t.Helper()
	if err := p.engine.WaitAll(t.Context(), p.head(t)); err != nil {
		t.Fatal(err)
	}
	type row struct{ total, last, chain int64 }
	want := map[string]row{}
	for facts, err := range p.facts(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range facts {
			amount, at := int64(f.Body.(progress.Reported).Quantity), int64(f.Position)
			r, known := want[f.Stream]
			if r.chain = (r.chain*mixBy + at) % mixModulo; !known {
				r.chain = at
			}
			want[f.Stream] = row{r.total + amount, at, r.chain}
		}
	}
	rows, err := p.pool.Query(t.Context(), `select stream, total, last, chain from `+sumsName)
	if err != nil {
		t.Fatal(err)
	}
	var stream string
	var got row
	found, wrong := 0, 0
	_, err = pgx.ForEachRow(rows, []any{&stream, &got.total, &got.last, &got.chain}, func() error {
		if found++; got != want[stream] {
			wrong++
		}
		return nil
	})
	if err != nil || found != len(want) || wrong > 0 {
		t.Errorf("the read model has %d of %d streams, %d of them wrong: %v", found, len(want), wrong, err)
	}
}

func (p *product) head(t testing.TB) uint64 {
	t.Helper()
	head, err := p.log.Head(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return head
}
