package main

import (
	"context"

	"github.com/jejak-kinerja/jejak/internal/logwatch"
)

// identity says whether the event store holds the log of the database, and what
// outsiders did to it.
func (d *doctor) identity(ctx context.Context, names []string) {
	known := logwatch.Known{}
	lineage, err := logwatch.Lineage(ctx, d.conn)
	if n := len(lineage); n > 0 {
		known.First = lineage[n-1].First
	}
	if err == nil {
		known.Marks, err = marksOf(ctx, d.conn, names)
	}
	var found logwatch.Finding
	if err == nil {
		found, err = logwatch.Look(ctx, askedLog{d.log}, known)
	}
	switch {
	case err != nil:
		d.say("log", warns, "see whether both stores answer", "whether it is the read models' is not known: %v", err)
	case found.State != logwatch.Same:
		d.say("log", fails, rightLogDo, "%s", found.Detail())
	case len(lineage) > 0 && !lineage[len(lineage)-1].Adopted:
		d.say("log", warns, "jejak adopt goes on", "its adoption was broken off")
	default:
		d.say("log", fine, "", "%s", found.Detail())
	}
	outside, err := logwatch.ReadOutside(ctx, d.conn)
	switch {
	case err != nil:
		d.say("outsiders", warns, "see the log of the service", "%v", err)
	case len(outside.Cut) > 0:
		first := outside.Cut[0]
		d.say("outsiders", fails, "stop the scavenge; see the runbook, A stream was cut", "%d streams were cut, the first %s (%s)", len(outside.Cut), first.Stream, first.What)
	case outside.ForeignTotal > 0:
		d.say("outsiders", warns, "find who writes there; see the runbook, A stream was cut", "%d foreign events, the first at position %d in %s", outside.ForeignTotal, outside.Foreign[0].Position, outside.Foreign[0].Stream)
	default:
		d.say("outsiders", fine, "", "nobody has cut a stream of the ledger, or written into one")
	}
}
