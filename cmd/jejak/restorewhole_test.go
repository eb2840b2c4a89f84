package main

import (
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/eventlog"
)

func TestAStreamThatWasCutIsNamedBeforeAnythingIsRestored(t *testing.T) {
	events := func(list ...eventlog.Raw) iter.Seq2[eventlog.Raw, error] {
		return func(yield func(eventlog.Raw, error) bool) {
			for _, e := range list {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
	a0, a1, b0, b2 := eventlog.Raw{Stream: "a"}, eventlog.Raw{Stream: "a", Revision: 1}, eventlog.Raw{Stream: "b"}, eventlog.Raw{Stream: "b", Revision: 2, ID: "id-2"}
	if err := wholeStreams(events(a0, b0, a1)); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		events iter.Seq2[eventlog.Raw, error]
		says   string
	}{
		"its beginning is gone": {events(a0, b2), "the stream b of the backup has no revision 0 before its event id-2"},
		"one is missing":        {events(a0, b0, a1, b2), "the stream b of the backup has no revision 1"},
		"one comes twice":       {events(a0, a0), "the stream a of the backup has no revision 1"},
	} {
		err := wholeStreams(c.events)
		exit, ok := errors.AsType[*exitError](err)
		if !ok || exit.code != exitDamaged || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
