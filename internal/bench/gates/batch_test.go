package gates

import (
	"testing"

	"github.com/jejak-kinerja/jejak/internal/bench"
)

func TestGateBatchAppend(t *testing.T) {
	setup := bench.Asked(t, "G3")
	const callers, each, copied = 16, 100, 10_000
	const copyName = "COPY, 10,000 a transaction"
	c := newCluster(t)
	plan := bench.Plan{
		Meter: c.meter(),
		Variants: []bench.Variant{
			copying(c.pool(c.database(), 1, plainTable), copied),
			appending(nullNodeName, connect(t, startNull(t, nil)), callers, each),
			appendingToKnown(t, productName, connect(t, startNode(t, c.database())), callers, each),
			publishing(newPublisher(t, c.pool(c.database(), callers)), callers, each),
		},
	}
	gate := func(what string, must, target float64) bench.Gate {
		return bench.Gate{ID: "G3", What: "append of 100, 16 callers, rate over " + what, Must: bench.AtLeast(must), Target: bench.AtLeast(target)}
	}
	setup.Measure(t, plan,
		bench.Check{Of: productName, To: copyName, Metric: bench.Rate, Gate: gate("COPY's", 0.5, 0.8)},
		bench.Check{Of: productName, To: peerName, Metric: bench.Rate, Gate: gate("watermill-sql's", 0.6, 1)},
	)
}
