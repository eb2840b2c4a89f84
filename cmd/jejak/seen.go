package main

import (
	"hash/maphash"
	"iter"
	"slices"
)

// seen remembers texts by 64 bits each, to find those that came twice in a log of
// any length: some nine bytes a text, where the texts themselves would take a
// hundred. Two different texts may share their bits (once in a million logs of six
// million), so what it finds is only suspected.
type seen struct {
	seed   maphash.Seed
	shelve [256][]uint64 // by the first eight bits
}

func newSeen() *seen { return &seen{seed: maphash.MakeSeed()} }

func (s *seen) bits(text string) uint64 { return maphash.String(s.seed, text) }

func (s *seen) add(text string) {
	bits := s.bits(text)
	shelf := &s.shelve[bits>>56]
	if len(*shelf) == cap(*shelf) { // an eighth more, not twice as much
		*shelf = append(make([]uint64, 0, len(*shelf)*9/8+16), *shelf...)
	}
	*shelf = append(*shelf, bits)
}

// twice gives the bits of what was added more than once.
func (s *seen) twice() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for _, shelf := range s.shelve {
			slices.Sort(shelf)
			for i := 1; i < len(shelf); i++ {
				if shelf[i] == shelf[i-1] && (i == 1 || shelf[i] != shelf[i-2]) && !yield(shelf[i]) {
					return
				}
			}
		}
	}
}
