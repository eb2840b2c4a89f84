package main

import (
	"fmt"
	"testing"
)

func TestWhatWasSeenTwiceIsFoundOnceEach(t *testing.T) {
	s := newSeen()
	const texts = 50_000
	for n := range texts {
		s.add(fmt.Sprint(n))
	}
	for range s.twice() {
		t.Fatal("something was found twice among different texts")
	}
	want := map[uint64]bool{}
	for _, again := range []int{7, 7, 4_999, 49_999} {
		s.add(fmt.Sprint(again))
		want[s.bits(fmt.Sprint(again))] = true
	}
	found := 0
	for bits := range s.twice() {
		if found++; !want[bits] {
			t.Errorf("%x was not added twice", bits)
		}
	}
	if found != len(want) {
		t.Errorf("%d found, want %d", found, len(want))
	}
	held := 0
	for _, shelf := range s.shelve {
		held += cap(shelf)
	}
	if held > texts*5/4 {
		t.Errorf("room for %d texts was taken for %d", held, texts)
	}
}
