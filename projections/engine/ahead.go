package engine

import (
	"context"
	"iter"
	"sync"
)

// batchesAhead is how many batches are read while one is being applied: reading is
// the store's and the decoder's work, applying the database's.
const batchesAhead = 2

// ahead reads on in the background. It ends its reading before it returns.
func ahead(ctx context.Context, read Read, after uint64) iter.Seq2[[]Fact, error] {
	type batch struct {
		facts []Fact
		err   error
	}
	return func(yield func([]Fact, error) bool) {
		reading, stop := context.WithCancel(ctx)
		batches := make(chan batch, batchesAhead)
		var reader sync.WaitGroup
		defer reader.Wait()
		defer stop()
		reader.Go(func() {
			defer close(batches)
			for facts, err := range read(reading, after) {
				select {
				case batches <- batch{facts, err}:
				case <-reading.Done():
					return
				}
			}
		})
		for b := range batches {
			if !yield(b.facts, b.err) {
				return
			}
		}
		if ctx.Err() != nil { // an end that is not the log's
			yield(nil, context.Cause(ctx))
		}
	}
}
