package gates

import (
	"testing"

	"github.com/jejak-kinerja/jejak/internal/bench"
)

// The names of the variants that most gates have.
const (
	nullNodeName = "client -> node that stores nothing"
	productName  = "client -> node"
	peerName     = "watermill-sql"
	insertName   = "plain INSERT"
)

// compareAppends puts the product's append of one event beside its limit and its
// peers, with so many callers.
func compareAppends(t *testing.T, callers int, more ...bench.Variant) bench.Plan {
	t.Helper()
	c := newCluster(t)
	return bench.Plan{
		Meter: c.meter(),
		Variants: append(more,
			appending(nullNodeName, connect(t, startNull(t, nil)), callers, 1),
			appendingToKnown(t, productName, connect(t, startNode(t, c.database())), callers, 1),
			inserting(c.pool(c.database(), callers, plainTable), callers),
			publishing(newPublisher(t, c.pool(c.database(), callers)), callers, 1),
		),
	}
}

func TestGateAppend64Callers(t *testing.T) {
	setup := bench.Asked(t, "G1", "G21")
	setup.Measure(t, compareAppends(t, 64),
		bench.Check{Of: productName, To: peerName, Metric: bench.Rate, Gate: bench.Gate{
			ID: "G1", What: "append, 64 callers, rate over watermill-sql's", Must: bench.AtLeast(1.1), Target: bench.AtLeast(1.5)}},
		bench.Check{Of: productName, To: nullNodeName, Metric: bench.Rate, Gate: bench.Gate{
			ID: "G1", What: "append, 64 callers, rate over the null node's", Target: bench.AtLeast(0.45)}},
		bench.Check{Of: productName, To: insertName, Metric: bench.Rate, Gate: bench.Gate{
			ID: "G1", What: "append, 64 callers, rate over a plain INSERT's"}},
		bench.Check{Of: productName, To: peerName, Metric: bench.MicrosEach, Gate: bench.Gate{
			ID: "G21", What: "append, 64 callers, processor time over watermill-sql's", Must: bench.AtMost(0.85), Target: bench.AtMost(0.6)}},
	)
}

func TestGateAppend16Callers(t *testing.T) {
	setup := bench.Asked(t, "G2")
	setup.Measure(t, compareAppends(t, 16),
		bench.Check{Of: productName, To: peerName, Metric: bench.Rate, Gate: bench.Gate{
			ID: "G2", What: "append, 16 callers, rate over watermill-sql's", Must: bench.AtLeast(0.6), Target: bench.AtLeast(1)}},
		bench.Check{Of: productName, To: nullNodeName, Metric: bench.Rate, Gate: bench.Gate{
			ID: "G2", What: "append, 16 callers, rate over the null node's"}},
	)
}
