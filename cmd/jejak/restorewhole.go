package main

import (
	"fmt"
	"iter"

	"github.com/jejak-kinerja/jejak/internal/eventlog"
)

// wholeStreams refuses events that no event store could take at their revisions: a
// server gives a stream its revisions from 0 on, each after the one before. A stream
// that was cut before the backup, or holds a foreign event of a server's own type,
// has others.
func wholeStreams(events iter.Seq2[eventlog.Raw, error]) error {
	next := map[string]uint64{}
	for e, err := range events {
		if err != nil {
			return err
		}
		if want := next[e.Stream]; e.Revision != want {
			return &exitError{exitDamaged, fmt.Errorf("the stream %s of the backup has no revision %d before its event %s at revision %d: it was cut, and an event store gives no revision twice or out of turn. "+
				"Nothing was restored: take a backup from before it was cut (jejak verify names what was cut)", e.Stream, want, e.ID, e.Revision)}
		}
		next[e.Stream]++
	}
	return nil
}
