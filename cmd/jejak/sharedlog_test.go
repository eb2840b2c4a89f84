package main

import (
	"context"
	"iter"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// TestASharedLogEndsWhoeverReads has readers of all of it, of a part, and of
// nothing: a read model that is empty is replayed up to where it stands.
func TestASharedLogEndsWhoeverReads(t *testing.T) {
	const batches = 10
	for name, wants := range map[string][]int{
		"all of it":          {batches, batches},
		"a part":             {batches, 3},
		"nothing":            {batches, 0},
		"nothing by anybody": {0, 0},
	} {
		log := newSharedLog(func(context.Context, uint64) iter.Seq2[[]engine.Fact, error] {
			return func(yield func([]engine.Fact, error) bool) {
				for n := range batches {
					if !yield([]engine.Fact{{Recorded: domain.Recorded{Position: uint64(n) + 1}}}, nil) {
						return
					}
				}
			}
		}, len(wants))
		var group errgroup.Group
		for i, want := range wants {
			group.Go(func() error {
				defer log.seats[i].leave()
				if want == 0 {
					return nil
				}
				got := 0
				for facts, err := range log.seats[i].from(t.Context(), 0) {
					if err != nil {
						return err
					}
					if got++; facts[0].Position != uint64(got) {
						t.Errorf("%s: batch %d holds position %d", name, got, facts[0].Position)
					}
					if got == want {
						break
					}
				}
				if got != want {
					t.Errorf("%s: %d batches, want %d", name, got, want)
				}
				return nil
			})
		}
		group.Go(func() error { log.run(t.Context()); return nil })
		if err := group.Wait(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
