package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Streams counts the open event streams of one kind, and those that were cut.
type Streams struct {
	open prometheus.Gauge
	cut  prometheus.Counter
}

// Streams gives the counts of a kind: "feed" or "pages".
func (m *Metrics) Streams(kind string) Streams {
	return Streams{open: m.readers.WithLabelValues(kind), cut: m.cut.WithLabelValues(kind)}
}

// Opened counts a reader more.
func (s Streams) Opened() { s.open.Inc() }

// Closed counts a reader less.
func (s Streams) Closed() { s.open.Dec() }

// Cut counts a reader that was too slow; Closed is called for it all the same.
func (s Streams) Cut() { s.cut.Inc() }
