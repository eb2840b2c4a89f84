package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Survey is what one scrape found out by asking. What could not be asked is not in
// it, and no metric of it is told: a figure of before would look like one of now.
type Survey struct {
	// Stores tells for "database" and "eventstore" whether it answered.
	Stores map[string]bool
	Models []Model
	// Leases that this process holds, or not, by name.
	Leases map[string]bool
	// Works tells when a work of operators ("verify", "backup") last ended well; the
	// zero time for never.
	Works map[string]time.Time
	// LogStates tells for every state whether the log is in it.
	LogStates map[string]bool
	// StreamsCut and EventsForeign count what outsiders did to the log.
	StreamsCut, EventsForeign *int64
}

// Model is how one read model fares; nil is what is not known.
type Model struct {
	Projection string
	Position   *uint64        // the log position up to which it is filled
	LagEvents  *int64         // facts of the log that it does not show
	Lag        *time.Duration // age of the oldest of these
	Parked     *int           // streams
	Led        *bool          // some process holds its lease
	Rebuilt    *float64       // the part of the edition beside that is filled, 0 to 1
}

// surveyed tells a Survey to Prometheus.
type surveyed struct{ found Survey }

var (
	projection = []string{"projection"}

	storeUp = prometheus.NewDesc("jejak_store_up",
		"1 when the store (database, eventstore) answered this scrape within two seconds, else 0.", []string{"store"}, nil)
	positionDesc = prometheus.NewDesc("jejak_projection_position",
		"Log position up to which the projection is filled: a place, not a number of events.", projection, nil)
	lagEvents = prometheus.NewDesc("jejak_projection_lag_events",
		"Events of the log that the projection does not show; absent while nobody has counted them.", projection, nil)
	lagSeconds = prometheus.NewDesc("jejak_projection_lag_seconds",
		"Age of the oldest event of the log that the projection does not show, 0 when it shows all. While a store is away it grows on from what was known last.", projection, nil)
	parkedDesc = prometheus.NewDesc("jejak_projection_parked",
		"Streams that wait because one of their facts could not be applied.", projection, nil)
	ledDesc = prometheus.NewDesc("jejak_projection_led",
		"1 when some process writes the projection, 0 when nobody does.", projection, nil)
	rebuiltDesc = prometheus.NewDesc("jejak_projection_rebuild_ratio",
		"Part of the events of the edition beside that is filled, 0 to 1; 1 also when nothing is being rebuilt, absent while nobody has counted them.", projection, nil)
	leaseHeld = prometheus.NewDesc("jejak_lease_held",
		"1 when this process writes the read model of that name, 0 when another does.", []string{"name"}, nil)
	logState = prometheus.NewDesc("jejak_log_state",
		"1 for how the event store's log stands to the read models: same, older, empty or other; 0 for the others; absent while the event store does not answer.", []string{"state"}, nil)
	streamsCut = prometheus.NewDesc("jejak_streams_cut",
		"Streams of the ledger of which somebody has hidden events: the next scavenge takes them away.", nil, nil)
	eventsForeign = prometheus.NewDesc("jejak_events_foreign",
		"Events that somebody else has written into streams of the ledger, or under its names; nobody counts them.", nil, nil)
	works = map[string]*prometheus.Desc{
		"verify": prometheus.NewDesc("jejak_verify_last_ok_timestamp_seconds", "When jejak verify last found nothing, as Unix time; 0 for never.", nil, nil),
		"backup": prometheus.NewDesc("jejak_backup_last_ok_timestamp_seconds", "When jejak backup last ended well, as Unix time; 0 for never.", nil, nil),
	}
)

func (surveyed) Describe(out chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{storeUp, positionDesc, lagEvents, lagSeconds, parkedDesc, ledDesc, rebuiltDesc, leaseHeld,
		logState, streamsCut, eventsForeign} {
		out <- desc
	}
	for _, desc := range works {
		out <- desc
	}
}

func (s surveyed) Collect(out chan<- prometheus.Metric) {
	tell := func(desc *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	for store, up := range s.found.Stores {
		tell(storeUp, oneIf(up), store)
	}
	for _, m := range s.found.Models {
		if m.Position != nil {
			tell(positionDesc, float64(*m.Position), m.Projection)
		}
		if m.LagEvents != nil {
			tell(lagEvents, float64(*m.LagEvents), m.Projection)
		}
		if m.Lag != nil {
			tell(lagSeconds, m.Lag.Seconds(), m.Projection)
		}
		if m.Parked != nil {
			tell(parkedDesc, float64(*m.Parked), m.Projection)
		}
		if m.Led != nil {
			tell(ledDesc, oneIf(*m.Led), m.Projection)
		}
		if m.Rebuilt != nil {
			tell(rebuiltDesc, *m.Rebuilt, m.Projection)
		}
	}
	for state, is := range s.found.LogStates {
		tell(logState, oneIf(is), state)
	}
	if s.found.StreamsCut != nil {
		tell(streamsCut, float64(*s.found.StreamsCut))
	}
	if s.found.EventsForeign != nil {
		tell(eventsForeign, float64(*s.found.EventsForeign))
	}
	for name, held := range s.found.Leases {
		tell(leaseHeld, oneIf(held), name)
	}
	for work, at := range s.found.Works {
		desc, told := works[work]
		switch {
		case !told:
		case at.IsZero():
			tell(desc, 0)
		default:
			tell(desc, float64(at.Unix()))
		}
	}
}
