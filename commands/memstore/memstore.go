// Package memstore keeps events in memory, for tests of the asking side. It
// keeps the promise of commands.Store, which storetest checks.
package memstore

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// Store is an event store in memory; the zero value is not usable, see New.
type Store struct {
	mu      sync.Mutex
	catalog *catalog.Catalog
	now     clock.Clock
	log     []domain.Recorded
	streams map[string][]int
}

// New makes an empty store that encodes and decodes by the catalog.
func New(c *catalog.Catalog, now clock.Clock) *Store {
	return &Store{catalog: c, now: now, streams: map[string][]int{}}
}

// Load gives the stream's events.
func (s *Store) Load(_ context.Context, stream string) ([]domain.Recorded, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var events []domain.Recorded
	for _, i := range s.streams[stream] {
		events = append(events, s.log[i])
	}
	return events, nil
}

// Append stores events after a revision.
func (s *Store) Append(_ context.Context, stream string, after int64, events []commands.NewEvent) (commands.Place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(events) == 0 {
		return commands.Place{}, errors.New("append of no events")
	}
	held := s.streams[stream]
	if place, ok := s.again(held, after, events); ok {
		return place, nil
	}
	if int64(len(held))-1 != after {
		return commands.Place{}, commands.ErrMoved
	}
	stored := make([]domain.Recorded, 0, len(events))
	for n, e := range events {
		name, data, err := s.catalog.Encode(e.Body)
		if err != nil {
			return commands.Place{}, err
		}
		body, err := s.catalog.Decode(name, data)
		if err != nil {
			return commands.Place{}, err
		}
		stored = append(stored, domain.Recorded{Position: uint64(len(s.log) + n + 1), Stream: stream,
			Revision: uint64(len(held) + n), ID: e.ID, Name: name, Body: body, Data: data, Meta: e.Meta, StoredAt: s.now()})
	}
	for _, r := range stored {
		s.streams[stream] = append(s.streams[stream], len(s.log))
		s.log = append(s.log, r)
	}
	return s.end(stream), nil
}

// again answers an append that was stored before.
func (s *Store) again(held []int, after int64, events []commands.NewEvent) (commands.Place, bool) {
	first := after + 1
	if int64(len(held)) < first+int64(len(events)) {
		return commands.Place{}, false
	}
	for n, e := range events {
		if s.log[held[first+int64(n)]].ID != e.ID {
			return commands.Place{}, false
		}
	}
	last := s.log[held[first+int64(len(events))-1]]
	return commands.Place{Revision: last.Revision, Position: last.Position}, true
}

func (s *Store) end(stream string) commands.Place {
	last := s.log[s.streams[stream][len(s.streams[stream])-1]]
	return commands.Place{Revision: last.Revision, Position: last.Position}
}

// All gives the whole log in order.
func (s *Store) All() []domain.Recorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}
