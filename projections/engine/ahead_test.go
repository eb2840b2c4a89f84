package engine

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
)

// counting gives batches of one fact each, without an end, and then err.
func counting(upTo uint64, err error) Read {
	return func(ctx context.Context, after uint64) iter.Seq2[[]Fact, error] {
		return func(yield func([]Fact, error) bool) {
			for at := after + 1; at <= upTo && ctx.Err() == nil; at++ {
				if !yield([]Fact{{Recorded: domain.Recorded{Position: at}}}, nil) {
					return
				}
			}
			if err != nil {
				yield(nil, err)
			}
		}
	}
}

func TestReadingAheadKeepsTheOrderAndTellsHowItEnded(t *testing.T) {
	broken := errors.New("the log is gone")
	for _, end := range []error{nil, broken} {
		at, got := uint64(3), error(nil)
		for facts, err := range ahead(t.Context(), counting(50, end), 3) {
			if got = err; err != nil {
				continue
			}
			if at++; facts[0].Position != at {
				t.Fatalf("fact %d comes at the place of %d", facts[0].Position, at)
			}
		}
		if at != 50 || !errors.Is(got, end) {
			t.Errorf("ended at %d with %v, want %v", at, got, end)
		}
	}
}

func TestReadingAheadEndsWithItsReader(t *testing.T) {
	const endless = 1 << 40
	for facts := range ahead(t.Context(), counting(endless, nil), 0) {
		if facts[0].Position == 10 {
			break // the test's end would find a reader that is left behind
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got error
	for facts, err := range ahead(ctx, counting(endless, nil), 0) {
		if got = err; err == nil && facts[0].Position == 10 {
			cancel()
		}
	}
	if !errors.Is(got, context.Canceled) {
		t.Errorf("a cancelled reading ended with %v: it looks like the end of the log", got)
	}
}
