package main

import (
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
)

func TestVerifyNamesStreamsThatAreStillCutAndCountsWhatIsForeign(t *testing.T) {
	look := logLook{gapless: true, next: map[uint64]uint64{}, ids: newSeen(), cuts: map[string]cutAt{},
		holds: func(stream string) bool { return strings.HasPrefix(stream, "plan-") }}
	position := uint64(0)
	meet := func(r eventlog.Record) {
		position++
		r.Position, r.JSON, r.ID = position, true, domain.EventID(strings.Repeat("a", int(position)))
		for _, f := range look.faults(r) {
			t.Errorf("%+v", f)
		}
	}
	cut := func(stream, what string) {
		meet(eventlog.Record{System: true, Cut: &eventlog.Cut{Stream: stream, What: what}})
	}
	fact := func(stream string, revision uint64, foreign bool) {
		meet(eventlog.Record{Entry: eventlog.Entry{Recorded: domain.Recorded{Stream: stream, Revision: revision, Foreign: foreign}}})
	}
	fact("plan-a", 0, false)
	fact("plan-a", 1, true) // it has its revision all the same
	fact("plan-a", 2, false)
	fact("bar-2", 0, true)
	cut("plan-a", "$maxCount 1")
	cut("plan-b", "deleted")
	cut("$stats", "$maxAge 60") // not one of ours
	cut("plan-b", "")           // and back again
	cut("plan-c", "tombstoned")
	found := look.cutStreams()
	if len(found) != 2 || found[0].Stream != "plan-a" || found[0].Position != 5 || !strings.Contains(found[0].What, "$maxCount 1") || found[1].Stream != "plan-c" {
		t.Errorf("%+v", found)
	}
	if look.events != 2 || look.foreign != 2 {
		t.Errorf("%d events, %d foreign", look.events, look.foreign)
	}
}
