package eventlog

import (
	"context"
	"iter"
	"sync"
)

// pageEntries is how many events a page of Pages has: with the one at its own
// start, which ReadAll passes over, they are what one call fetches.
const pageEntries = readPage - 1

// Pages gives the ledger's events after a position, page by page and in order, to
// the end of the log. While one page is in use the next is read and decoded: who
// replays the log spends about half of its time on either. An error, also that of
// an ended ctx, comes last.
func (l *Log) Pages(ctx context.Context, after uint64) iter.Seq2[[]Entry, error] {
	return func(yield func([]Entry, error) bool) {
		reading, cancel := context.WithCancel(ctx)
		pages := make(chan page) // without a buffer: one page in use, one read ahead
		var reader sync.WaitGroup
		defer reader.Wait()
		defer cancel()
		reader.Go(func() {
			defer close(pages)
			l.readAhead(reading, after, pages)
		})
		for p := range pages {
			if !yield(p.entries, p.err) || p.err != nil {
				return
			}
		}
		if err := ctx.Err(); err != nil { // the reader may have left without a word
			yield(nil, err)
		}
	}
}

type page struct {
	entries []Entry
	err     error
}

// readAhead reads until the end of the log, an error, or nobody wants more.
func (l *Log) readAhead(ctx context.Context, after uint64, pages chan<- page) {
	for {
		entries, err := l.ReadAll(ctx, after, pageEntries, false)
		if err == nil && len(entries) == 0 {
			return
		}
		select {
		case pages <- page{entries, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
		after = entries[len(entries)-1].Position
	}
}
