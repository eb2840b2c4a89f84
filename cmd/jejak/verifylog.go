package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
)

// verifyLog reads the whole log: every event decodes and is stored in canonical
// form (RFC 8785), positions grow without gaps, revisions of each stream, too, no
// event id comes twice, and no stream was cut from outside. Foreign events are
// counted.
func (r *rooms) verifyLog(ctx context.Context, report *verifyReport) error {
	total, err := r.totalFacts(ctx, r.engine.Names())
	if err != nil {
		return err
	}
	p := newProgress(report.term.err)
	// A cluster's positions are places in its files, with gaps between them.
	look := logLook{gapless: r.config.EventstoreURL == "", next: map[uint64]uint64{}, ids: newSeen(), holds: r.catalog.Holds, cuts: map[string]cutAt{}}
	if look.decided, err = r.leftOut(ctx); err != nil {
		return err
	}
	if err := r.eachRecord(ctx, func(record eventlog.Record) error { return report.addAll(look.faults(record)) }, func() {
		p.report(look.events, total, "read the log")
	}); err != nil {
		return err
	}
	p.report(look.events, look.events, "read the log")
	if err := report.addAll(look.cutStreams()); err != nil {
		return err
	}
	report.verdict.LeftOut, report.verdict.Foreign = look.leftOut, look.foreign
	report.verdict.Events, report.verdict.Head, report.verdict.Streams = look.events, look.at, len(look.next)
	return r.verifyIDs(ctx, look.ids, report)
}

// leftOut gives the positions that somebody decided to leave out of every read
// model. That such an event cannot be read is known.
func (r *rooms) leftOut(ctx context.Context) (map[uint64]bool, error) {
	skipped, err := r.engine.Skipped(ctx)
	if err != nil {
		return nil, err
	}
	models, decided := map[uint64]int{}, map[uint64]bool{}
	for _, s := range skipped {
		if models[s.Position]++; models[s.Position] == len(r.engine.Names()) {
			decided[s.Position] = true
		}
	}
	return decided, nil
}

// verifyIDs finds the events whose ids were there before, among those suspected.
func (r *rooms) verifyIDs(ctx context.Context, ids *seen, report *verifyReport) error {
	suspects := map[uint64]bool{}
	for bits := range ids.twice() {
		suspects[bits] = true
	}
	if len(suspects) == 0 {
		return nil
	}
	first := map[domain.EventID]uint64{}
	return r.eachRecord(ctx, func(record eventlog.Record) error {
		if record.System || record.Foreign || !suspects[ids.bits(string(record.ID))] {
			return nil
		}
		other, twice := first[record.ID]
		if !twice {
			first[record.ID] = record.Position
			return nil
		}
		return report.add(finding{Position: record.Position, Stream: record.Stream, What: fmt.Sprintf("has the id of the event at %d", other)})
	}, func() {})
}

// eachRecord reads the whole log, page by page.
func (r *rooms) eachRecord(ctx context.Context, look func(eventlog.Record) error, page func()) error {
	for at := uint64(0); ; page() {
		records, err := r.events.ReadWhole(ctx, at)
		if err != nil || len(records) == 0 {
			return err
		}
		for _, record := range records {
			if err := look(record); err != nil {
				return err
			}
			at = max(at, record.Position)
		}
	}
}

// logLook is what has been seen of the log so far.
type logLook struct {
	gapless bool
	at      uint64
	events  int
	decided map[uint64]bool   // positions left out by decision
	leftOut int               // of these, met
	next    map[uint64]uint64 // revision to come, by 64 bits of the stream's name
	ids     *seen
	foreign int               // events that are no facts of the ledger
	holds   func(string) bool // whether a stream is one of the ledger's
	cuts    map[string]cutAt  // of the ledger's streams, those cut from outside
}

// cutAt is what an outsider did to a stream, and where the log tells of it.
type cutAt struct {
	what     string
	position uint64
}

// cut takes note of what an event of the store's own does to a stream.
func (l *logLook) cut(r eventlog.Record) {
	switch {
	case r.Cut == nil || !l.holds(r.Cut.Stream):
	case r.Cut.What == "":
		delete(l.cuts, r.Cut.Stream)
	default:
		l.cuts[r.Cut.Stream] = cutAt{r.Cut.What, r.Position}
	}
}

// cutStreams names the streams that are cut, in the order of the log.
func (l *logLook) cutStreams() (findings []finding) {
	for stream, cut := range l.cuts {
		findings = append(findings, finding{Position: cut.position, Stream: stream,
			What: fmt.Sprintf("was cut from outside (%s): the next scavenge of the event store takes its events out of the log; the runbook says how to stop that", cut.what)})
	}
	slices.SortFunc(findings, func(a, b finding) int { return cmp.Compare(a.Position, b.Position) })
	return findings
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
		l.cut(r)
		return faults
	}
	stream := l.ids.bits(r.Stream)
	if want := l.next[stream]; r.Revision != want {
		say("has revision %d, not %d", r.Revision, want)
	}
	l.next[stream] = r.Revision + 1
	if r.Foreign {
		l.foreign++
		return faults
	}
	l.events++
	l.ids.add(string(r.ID))
	if !r.JSON {
		say("is not marked as JSON")
	}
	switch {
	case r.Err != nil && l.decided[r.Position]:
		l.leftOut++
	case r.Err != nil:
		say("%v", r.Err)
	}
	return faults
}
