package telemetry

import "github.com/prometheus/client_golang/prometheus"

// logMetrics tell whether the event store holds the right log, whole and ours alone.
type logMetrics struct {
	state        *prometheus.GaugeVec
	cut, foreign prometheus.Gauge
}

func newLogMetrics(registry *prometheus.Registry) *logMetrics {
	m := &logMetrics{
		state: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "jejak_log_state", Help: "1 for how the event store's log stands to the read models now: same, older, empty or other; 0 for the others.",
		}, []string{"state"}),
		cut: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "jejak_streams_cut", Help: "Streams of the ledger of which somebody has hidden events: the next scavenge takes them away.",
		}),
		foreign: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "jejak_events_foreign", Help: "Events that somebody else has written into streams of the ledger, or under its names; nobody counts them.",
		}),
	}
	registry.MustRegister(m.state, m.cut, m.foreign)
	return m
}

// LogState tells whether the log is in a state now.
func (m *Metrics) LogState(state string, now bool) {
	m.log.state.WithLabelValues(state).Set(oneIf(now))
}

// Outside tells how many streams are cut and how many events are foreign.
func (m *Metrics) Outside(cut int, foreign int64) {
	m.log.cut.Set(float64(cut))
	m.log.foreign.Set(float64(foreign))
}
