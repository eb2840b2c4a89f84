package backup

import (
	"context"
	"hash/maphash"
)

// Streams finds the streams of which events are missing, while the events of a
// backup are met in order. Of each stream 64 bits of its name are kept.
type Streams struct {
	seed maphash.Seed
	next map[uint64]uint64 // revision to come
	torn map[string]bool
}

// NewStreams has met no event.
func NewStreams() *Streams {
	return &Streams{seed: maphash.MakeSeed(), next: map[uint64]uint64{}, torn: map[string]bool{}}
}

// Meet takes the next event. The store's own streams are not looked at: they forget
// by themselves.
func (s *Streams) Meet(e Event) {
	if e.System() {
		return
	}
	stream := maphash.String(s.seed, e.Stream)
	if e.Revision != s.next[stream] {
		s.torn[e.Stream] = true
	}
	s.next[stream] = e.Revision + 1
}

// CheckEvents reads every event, and sets Torn; once more when a stream is torn, to
// count its events. report is told how many events were read.
func (b *Backup) CheckEvents(ctx context.Context, report func(n int)) error {
	streams := NewStreams()
	if err := b.each(ctx, report, streams.Meet); err != nil || len(streams.torn) == 0 {
		return err
	}
	b.Torn = map[string]int{}
	return b.each(ctx, func(int) {}, func(e Event) {
		if streams.torn[e.Stream] {
			b.Torn[e.Stream]++
		}
	})
}

func (b *Backup) each(ctx context.Context, report func(n int), meet func(Event)) error {
	n := 0
	for e, err := range b.Read() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		meet(e)
		if n++; n%1_000 == 0 || n == b.Events {
			report(n)
		}
	}
	return nil
}

// TornEvents counts the events of torn streams.
func (b *Backup) TornEvents() (n int) {
	for _, events := range b.Torn {
		n += events
	}
	return n
}
