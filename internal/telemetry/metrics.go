package telemetry

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Build says which program this is.
type Build struct{ Version, Commit, GoVersion string }

// Metrics holds every metric of the program. Its methods are quick and safe for
// concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	requests  *prometheus.HistogramVec
	appended  *prometheus.CounterVec
	conflicts prometheus.Counter
	unknown   prometheus.Counter
	readers   *prometheus.GaugeVec
	cut       *prometheus.CounterVec
	store     *prometheus.GaugeVec
}

// surveyLimit bounds what a scrape waits for its survey: scrapers give up after ten
// seconds.
const surveyLimit = 5 * time.Second

// New makes the metrics and registers them together with those of the Go runtime
// and the process.
func New(build Build) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jejak_http_request_duration_seconds", Help: "Time from a request's arrival to the end of its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method", "status"}),
		appended: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jejak_events_appended_total", Help: "Events stored by this process.",
		}, []string{"type"}),
		conflicts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jejak_append_conflicts_total", Help: "Appends refused because the stream had moved on.",
		}),
		unknown: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jejak_append_unknown_total", Help: "Appends whose fate was not known when the caller was answered.",
		}),
		readers: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "jejak_sse_subscribers", Help: "Open event streams: of the feed, and of live pages.",
		}, []string{"stream"}),
		cut: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jejak_sse_cut_total", Help: "Event streams that we ended because their reader was too slow.",
		}, []string{"stream"}),
	}
	m.store = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "jejak_event_store_condition", Help: "1 for how the event store is now: ready, away or refused; 0 for the others.",
	}, []string{"condition"})
	m.registry.MustRegister(m.store, m.requests, m.appended, m.conflicts, m.unknown, m.readers, m.cut, buildInfo(build),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func buildInfo(build Build) prometheus.Collector {
	info := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "jejak_build_info", Help: "Always 1; the labels say which program this is.",
	}, []string{"version", "commit", "go_version"})
	info.WithLabelValues(build.Version, build.Commit, build.GoVersion).Set(1)
	return info
}

// Registerer takes further metrics.
func (m *Metrics) Registerer() prometheus.Registerer { return m.registry }

// Handler answers a scrape. survey, when not nil, is called for each one, to find
// out what no event of this process tells; it has five seconds.
func (m *Metrics) Handler(survey func(context.Context) Survey) http.Handler {
	if survey == nil {
		return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), surveyLimit)
		found := prometheus.NewRegistry()
		found.MustRegister(surveyed{survey(ctx)})
		cancel()
		promhttp.HandlerFor(prometheus.Gatherers{m.registry, found}, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	})
}

// Appended counts events of one stored name.
func (m *Metrics) Appended(name string, events int) {
	m.appended.WithLabelValues(name).Add(float64(events))
}

// AppendConflict counts an append that was refused because the stream had moved on.
func (m *Metrics) AppendConflict() { m.conflicts.Inc() }

// AppendUnknown counts an append of unknown fate.
func (m *Metrics) AppendUnknown() { m.unknown.Inc() }

// EventStore tells whether the event store is in a condition now.
func (m *Metrics) EventStore(condition string, now bool) {
	m.store.WithLabelValues(condition).Set(oneIf(now))
}

func oneIf(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}
