package main

import (
	"context"
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
)

// verifyLog reads the whole log: every event decodes and is stored in canonical
// form (RFC 8785), positions grow without gaps, revisions of each stream, too,
// and no event id comes twice.
func (r *rooms) verifyLog(ctx context.Context, report *verifyReport) error {
	target, err := r.events.Head(ctx)
	if err != nil {
		return err
	}
	p := newProgress(report.term.err)
	// A cluster's positions are places in its files, with gaps between them.
	look := logLook{gapless: r.config.EventstoreURL == "", next: map[string]uint64{}, ids: map[domain.EventID]uint64{}}
	for {
		records, err := r.events.ReadWhole(ctx, look.at)
		if err != nil {
			return err
		}
		if len(records) == 0 {
			break
		}
		for _, record := range records {
			for _, fault := range look.faults(record) {
				if err := report.add(fault); err != nil {
					return err
				}
			}
		}
		p.report(int(look.at), max(int(target), int(look.at)), "read the log")
	}
	report.verdict.Events, report.verdict.Head, report.verdict.Streams = look.events, look.at, len(look.next)
	return nil
}

// logLook is what has been seen of the log so far.
type logLook struct {
	gapless bool
	at      uint64
	events  int
	next    map[string]uint64         // revision to come, by stream
	ids     map[domain.EventID]uint64 // position
}

// faults says what is wrong with the next event, and takes note of it.
func (l *logLook) faults(r eventlog.Record) (faults []finding) {
	say := func(format string, args ...any) {
		faults = append(faults, finding{Position: r.Position, Stream: r.Stream, What: fmt.Sprintf(format, args...)})
	}
	switch {
	case r.Position <= l.at:
		say("comes after position %d", l.at)
	case l.gapless && r.Position != l.at+1:
		faults = append(faults, finding{Position: l.at + 1, What: fmt.Sprintf("positions %d to %d are missing", l.at+1, r.Position-1)})
	}
	l.at = max(l.at, r.Position)
	if r.System {
		return faults
	}
	l.events++
	if want := l.next[r.Stream]; r.Revision != want {
		say("has revision %d, not %d", r.Revision, want)
	}
	l.next[r.Stream] = r.Revision + 1
	if other, twice := l.ids[r.ID]; twice {
		say("has the id of the event at %d", other)
	}
	l.ids[r.ID] = r.Position
	if !r.JSON {
		say("is not marked as JSON")
	}
	if r.Err != nil {
		say("%v", r.Err)
	}
	return faults
}
