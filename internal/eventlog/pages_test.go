package eventlog

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestPagesGiveTheWholeLogInOrderAndReadAheadNoLongerThanWanted(t *testing.T) {
	l := connect(t, serve(t).socket)
	const events, each = 2*pageEntries + 7, 500
	for n := 0; n < events; n += each {
		mustAppend(t, l, fmt.Sprint("person-", n), -1, facts(n, min(each, events-n)))
	}
	head, err := l.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var last uint64
	var sizes []int
	for entries, err := range l.Pages(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Position <= last || e.Err != nil {
				t.Fatalf("position %d after %d: %v", e.Position, last, e.Err)
			}
			last = e.Position
		}
		sizes = append(sizes, len(entries))
	}
	if last != head || fmt.Sprint(sizes) != fmt.Sprint([]int{pageEntries, pageEntries, 7}) {
		t.Errorf("pages of %v up to %d, the log ends at %d", sizes, last, head)
	}
	for entries := range l.Pages(t.Context(), head-3) {
		if len(entries) != 3 {
			t.Errorf("%d events after the third last", len(entries))
		}
	}
	for range l.Pages(t.Context(), 0) {
		break // the reader ends, too: a leaked one fails the package
	}
}

func TestPagesOfAnEndedContextAreNotTheEndOfTheLog(t *testing.T) {
	l := connect(t, serve(t).socket)
	mustAppend(t, l, "person-1", -1, facts(0, 3))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var told error
	for _, err := range l.Pages(ctx, 0) {
		cancel()
		told = err
	}
	if !errors.Is(told, context.Canceled) {
		t.Errorf("the last error is %v", told)
	}
}
