package backup

import "testing"

func TestAStreamThatLacksEventsIsFound(t *testing.T) {
	s := NewStreams()
	meet := func(stream string, revisions ...uint64) {
		for _, revision := range revisions {
			s.Meet(Event{Stream: stream, Revision: revision, Type: "x"})
		}
	}
	meet("plan-a", 0, 1)
	meet("plan-b", 2, 3) // its beginning is gone
	meet("plan-a", 2)
	meet("plan-c", 0, 1, 4, 5)
	meet("$stats", 700)
	if len(s.torn) != 2 || !s.torn["plan-b"] || !s.torn["plan-c"] {
		t.Errorf("%v", s.torn)
	}
}
