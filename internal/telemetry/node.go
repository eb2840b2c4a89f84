package telemetry

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// NodeCounts are what the embedded event store counts since its start.
type NodeCounts struct {
	Head          uint64 // position of the newest event
	Appends       uint64 // answered writes of every kind, refusals included
	Events        uint64 // stored
	Commits       uint64 // transactions they were stored in
	Subscriptions int64  // running now
}

// Node adds the metrics of an event store in this process.
func (m *Metrics) Node(counts func() NodeCounts) { registerNode(m.registry, counts) }

// NodeHandler answers the scrapes of an event store that runs alone.
func NodeHandler(build Build, counts func() NodeCounts) http.Handler {
	registry := prometheus.NewRegistry()
	registerNode(registry, counts)
	registry.MustRegister(buildInfo(build), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{Registry: registry})
}

func registerNode(registry prometheus.Registerer, counts func() NodeCounts) {
	counter := func(name, help string, of func(NodeCounts) uint64) {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return float64(of(counts())) }))
	}
	gauge := func(name, help string, of func(NodeCounts) float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return of(counts()) }))
	}
	gauge("jejak_node_head_position", "Position of the newest event of the embedded event store.", func(c NodeCounts) float64 { return float64(c.Head) })
	gauge("jejak_node_subscriptions", "Subscriptions that run on the embedded event store.", func(c NodeCounts) float64 { return float64(c.Subscriptions) })
	counter("jejak_node_appends_total", "Writes that the embedded event store answered, refusals included.", func(c NodeCounts) uint64 { return c.Appends })
	counter("jejak_node_events_total", "Events that the embedded event store stored.", func(c NodeCounts) uint64 { return c.Events })
	counter("jejak_node_commits_total", "Transactions in which the embedded event store stored them.", func(c NodeCounts) uint64 { return c.Commits })
}
