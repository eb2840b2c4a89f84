package node

import (
	"slices"
	"testing"
)

func numbered(from, to int64) (events []*event) {
	for p := from; p <= to; p++ {
		events = append(events, &event{pos: p})
	}
	return events
}

func positions(events []*event) (out []int64) {
	for _, e := range events {
		out = append(out, e.pos)
	}
	return out
}

func TestTheRingKeepsTheNewestEvents(t *testing.T) {
	r := newRing(10, 4, 1<<20, newRights(nil))
	page := make([]*event, 3)
	if n, _, behind := r.after(10, page); n != 0 || behind {
		t.Error("an empty ring has something")
	}
	if _, _, behind := r.after(9, page); !behind {
		t.Error("a cursor before the ring is behind")
	}
	_, wake, _ := r.after(10, page)
	r.publish(numbered(11, 16))
	select {
	case <-wake:
	default:
		t.Error("a publication wakes who waits")
	}
	if _, _, behind := r.after(11, page); !behind {
		t.Error("12 is forgotten")
	}
	if n, _, behind := r.after(12, page); behind || !slices.Equal(positions(page[:n]), []int64{13, 14, 15}) {
		t.Errorf("got %v", positions(page[:n]))
	}
	if n, _, _ := r.after(15, page); n != 1 || page[0].pos != 16 {
		t.Errorf("got %v", positions(page[:n]))
	}
	if n, _, behind := r.after(99, page); n != 0 || behind {
		t.Error("a cursor in the future waits")
	}
}

func TestTheRingIsBoundedInBytes(t *testing.T) {
	r := newRing(0, 100, 10*eventOverhead, newRights(nil))
	r.publish(numbered(1, 50))
	if r.bytes > r.limit || r.head-r.first+1 != 10 {
		t.Errorf("%d events, %d bytes", r.head-r.first+1, r.bytes)
	}
	r.publish([]*event{{pos: 51, data: make([]byte, 1<<20)}})
	if r.first != 51 || r.last() != 51 {
		t.Errorf("one event larger than the ring is held alone, from %d to %d", r.first, r.last())
	}
}
