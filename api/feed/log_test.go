package feed_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jejak-kinerja/jejak/api/feed"
	"github.com/jejak-kinerja/jejak/domain"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var morning = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

// memory is a log that grows while it is read.
type memory struct {
	mu      sync.Mutex
	entries []feed.Entry
	grown   chan struct{}
}

func newMemory() *memory { return &memory{grown: make(chan struct{})} }

// add appends n facts, every third of them about another unit.
func (m *memory) add(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for range n {
		p := uint64(len(m.entries) + 1)
		unit := "dinas"
		if p%3 == 0 {
			unit = "bidang"
		}
		m.entries = append(m.entries, feed.Entry{Recorded: domain.Recorded{
			Position: p, Stream: fmt.Sprintf("progress-%d", p%5), Revision: (p - 1) / 5, ID: domain.EventID(fmt.Sprintf("00000000-0000-4000-8000-%012d", p)),
			Name: "progress.reported.v1", Data: fmt.Appendf(nil, `{"report":"r%d","unit":%q}`, p, unit), StoredAt: morning,
			Meta: domain.Meta{Actor: "3f0a", Capacity: domain.Definitive, Correlation: "c1", RecordedAt: morning.Add(time.Duration(p) * time.Microsecond)},
		}})
	}
	close(m.grown)
	m.grown = make(chan struct{})
}

func (m *memory) ReadAll(_ context.Context, after uint64, limit int) ([]feed.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	rest := m.entries[min(after, uint64(len(m.entries))):]
	return rest[:min(limit, len(rest)):min(limit, len(rest))], nil
}

func (m *memory) Find(_ context.Context, id string, among int) (uint64, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.entries[max(0, len(m.entries)-among):] {
		if string(e.ID) == id {
			return e.Position, true, nil
		}
	}
	return 0, false, nil
}

func (m *memory) Head(context.Context) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return uint64(len(m.entries)), nil
}

func (m *memory) Subscribe(_ context.Context, after uint64) (feed.Subscription, error) {
	return &follower{m, after}, nil
}

type follower struct {
	log *memory
	at  uint64
}

func (f *follower) Next(ctx context.Context) ([]feed.Entry, error) {
	for {
		f.log.mu.Lock()
		page, grown := f.log.entries[f.at:len(f.log.entries):len(f.log.entries)], f.log.grown
		f.log.mu.Unlock()
		if len(page) > 0 {
			f.at += uint64(len(page))
			return page, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-grown:
		}
	}
}

func (f *follower) Close() {}
