package eventlog

import (
	"iter"
)

const (
	// maxRunEvents and maxRunBytes bound one append of raw events; a larger single
	// event goes alone.
	maxRunEvents = 500
	maxRunBytes  = MaxAppendBytes
)

// runs gathers neighbours in the log that follow each other in one stream. A run is
// good until the next one is asked for.
func runs(events iter.Seq2[Raw, error]) iter.Seq2[[]Raw, error] {
	return func(yield func([]Raw, error) bool) {
		var held []Raw
		size := 0
		for e, err := range events {
			if err != nil {
				yield(nil, err)
				return
			}
			weight := 2*len(e.Type) + len(e.Data) + len(e.Metadata)
			if n := len(held); n > 0 && (!e.follows(held[n-1]) || n == maxRunEvents || size+weight > maxRunBytes) {
				if !yield(held, nil) {
					return
				}
				held, size = held[:0], 0
			}
			held, size = append(held, e), size+weight
		}
		if len(held) > 0 {
			yield(held, nil)
		}
	}
}

// follows says whether e comes right after o in the same stream.
func (e Raw) follows(o Raw) bool { return e.Stream == o.Stream && e.Revision == o.Revision+1 }
