package telemetry

import (
	"maps"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

// positions tells at each scrape how far the projections are behind the log. It
// is reckoned then and not when a batch is done, so that the lag of a projection
// that stands still grows.
type positions struct {
	now                       clock.Clock
	position, events, seconds *prometheus.Desc

	mu   sync.Mutex
	head uint64
	at   map[string]place
}

type place struct {
	position uint64
	storedAt time.Time // of the newest applied fact; zero when unknown
}

func newPositions(now clock.Clock) *positions {
	label := []string{"projection"}
	return &positions{
		now:      now,
		position: prometheus.NewDesc("jejak_projection_position", "Log position up to which the projection is filled.", label, nil),
		events:   prometheus.NewDesc("jejak_projection_lag_events", "Log positions between the projection and the newest event seen.", label, nil),
		seconds: prometheus.NewDesc("jejak_projection_lag_seconds",
			"Age of the newest applied event while the projection lags, else 0.", label, nil),
		at: map[string]place{},
	}
}

// LogHead tells the position of the newest event seen in the log.
func (m *Metrics) LogHead(position uint64) {
	m.positions.mu.Lock()
	defer m.positions.mu.Unlock()
	m.positions.head = max(m.positions.head, position)
}

// ProjectionAt tells that a projection is filled up to position, whose event was
// stored at storedAt; zero when that is not known.
func (m *Metrics) ProjectionAt(projection string, position uint64, storedAt time.Time) {
	m.positions.mu.Lock()
	defer m.positions.mu.Unlock()
	m.positions.at[projection] = place{position, storedAt}
}

func (p *positions) Describe(out chan<- *prometheus.Desc) {
	out <- p.position
	out <- p.events
	out <- p.seconds
}

func (p *positions) Collect(out chan<- prometheus.Metric) {
	p.mu.Lock()
	head, at, now := p.head, maps.Clone(p.at), p.now()
	p.mu.Unlock()
	for name, place := range at {
		events, seconds := 0.0, 0.0
		if place.position < head {
			events = float64(head - place.position)
			if !place.storedAt.IsZero() {
				seconds = max(0, now.Sub(place.storedAt).Seconds())
			}
		}
		out <- prometheus.MustNewConstMetric(p.position, prometheus.GaugeValue, float64(place.position), name)
		out <- prometheus.MustNewConstMetric(p.events, prometheus.GaugeValue, events, name)
		out <- prometheus.MustNewConstMetric(p.seconds, prometheus.GaugeValue, seconds, name)
	}
}
