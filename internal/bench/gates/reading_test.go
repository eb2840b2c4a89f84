package gates

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/bench"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// reading is the variant that reads the whole log from its start, again and again.
func reading(name string, client *esdb.Client) bench.Variant {
	return bench.Variant{Name: name, Work: func(ctx context.Context, slice time.Duration) (bench.Sample, error) {
		s, whole := bench.Sample{}, clock.Watch()
		for whole() < slice {
			n, err := readUntil(ctx, client, func() bool { return whole() >= slice })
			if err != nil {
				return s, err
			}
			s.Count += n
		}
		s.Took = whole()
		return s, nil
	}}
}

// lookEvery so many events the clock is read.
const lookEvery = 256

func readUntil(ctx context.Context, client *esdb.Client, over func() bool) (n int, err error) {
	all, err := client.ReadAll(ctx, esdb.ReadAllOptions{From: esdb.Start{}}, math.MaxInt64)
	if err != nil {
		return 0, err
	}
	defer all.Close()
	for ; n%lookEvery != lookEvery-1 || !over(); n++ {
		event, err := all.Recv()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if event.OriginalEvent() == nil {
			return n, fmt.Errorf("message %d has no event", n)
		}
	}
	return n, nil
}

// selecting is the variant that reads pages from the node's own table.
func selecting(pool *pgxpool.Pool) bench.Variant {
	const page = 1_000
	return bench.Variant{Name: "SELECT, pages of 1,000", Work: func(ctx context.Context, slice time.Duration) (bench.Sample, error) {
		s, whole := bench.Sample{}, clock.Watch()
		for after := int64(0); whole() < slice; {
			rows, err := pool.Query(ctx, `select pos, sid, rev, created, id, type, data, meta from eventstore.events where pos > $1 order by pos limit $2`, after, page)
			if err != nil {
				return s, err
			}
			n := 0
			for ; rows.Next(); n++ {
				var sid, rev, created int64
				var id [16]byte
				var typ string
				var data, meta []byte
				if err := rows.Scan(&after, &sid, &rev, &created, &id, &typ, &data, &meta); err != nil {
					return s, err
				}
			}
			if err := rows.Err(); err != nil {
				return s, err
			}
			if s.Count += n; n < page {
				after = 0
			}
		}
		s.Took = whole()
		return s, nil
	}}
}

func TestGateCatchUpRead(t *testing.T) {
	setup := bench.Asked(t, "G6")
	const memoryName = "client <- node that reads from memory"
	all := history(setup.Events)
	c := newCluster(t)
	stored := c.database()
	client := connect(t, startNode(t, stored))
	fillStore(t, client, all)
	peer := c.pool(c.database(), 4)
	fillTopic(t, newPublisher(t, peer), all)
	for _, pool := range []*pgxpool.Pool{peer, c.pool(stored, 2)} { // as autovacuum would in time
		if _, err := pool.Exec(t.Context(), "vacuum analyze"); err != nil {
			t.Fatal(err)
		}
	}
	plan := bench.Plan{
		Meter: c.meter(),
		Variants: []bench.Variant{
			reading(memoryName, connect(t, startNull(t, all))),
			reading(productName, client),
			selecting(c.pool(stored, 2)),
			subscribing(t, peer, 1_000),
		},
	}
	gate := func(what string, must, target float64) bench.Gate {
		return bench.Gate{ID: "G6", What: "catch-up read, rate over " + what, Must: bench.AtLeast(must), Target: bench.AtLeast(target)}
	}
	setup.Measure(t, plan,
		bench.Check{Of: productName, To: memoryName, Metric: bench.Rate, Gate: gate("the memory-fed node's", 0.65, 0.85)},
		bench.Check{Of: productName, To: peerName, Metric: bench.Rate, Gate: gate("watermill-sql's, batches of 1,000", 20, 20)},
	)
}
