package main

import (
	"runtime"
	"testing"
	"time"
)

func TestTheMoreIsLiveTheLessTheHeapMayGrow(t *testing.T) {
	for live, want := range map[uint64]int{0: 200, 10 << 20: 200, 64 << 20: 200, 96 << 20: 130, 128 << 20: 100, 1 << 30: 50} {
		if got := percentFor(live); got != want {
			t.Errorf("%d MB live: %d %%, want %d", live>>20, got, want)
		}
	}
}

func TestEachCollectionIsHeard(t *testing.T) {
	heard := make(chan struct{}, 1)
	afterEachCollection(func() {
		select {
		case heard <- struct{}{}:
		default:
		}
	})
	for n := range 3 {
		runtime.GC()
		select {
		case <-heard:
		case <-time.After(10 * time.Second):
			t.Fatalf("collection %d was not heard", n)
		}
	}
	if liveBytes() == 0 {
		t.Error("nothing is live")
	}
}
