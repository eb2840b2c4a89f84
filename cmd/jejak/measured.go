package main

import (
	"context"
	"errors"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/telemetry"
)

// measured is the event store as the commands see it, with every append counted.
type measured struct {
	commands.Store
	metrics *telemetry.Metrics
	catalog *catalog.Catalog
}

// Append stores and counts.
func (m measured) Append(ctx context.Context, stream string, after int64, events []commands.NewEvent) (commands.Place, error) {
	place, err := m.Store.Append(ctx, stream, after, events)
	switch {
	case err == nil:
		for _, e := range events {
			if name, ok := m.catalog.NameOf(e.Body); ok {
				m.metrics.Appended(name, 1)
			}
		}
	case errors.Is(err, commands.ErrMoved):
		m.metrics.AppendConflict()
	case errors.Is(err, eventlog.ErrFateUnknown):
		m.metrics.AppendUnknown()
	}
	return place, err
}
