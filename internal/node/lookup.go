package node

import "context"

// loadStreams puts every stream that the requests can touch into the cache, with
// one query for all that are not there: the stream itself, and its metadata
// stream or, for a metadata stream, the one it describes.
func (q *sequencer) loadStreams(ctx context.Context, requests []*request) error {
	var names []string
	asked := map[string]bool{}
	need := func(name string) {
		if q.cache.get(name) == nil && !asked[name] {
			asked[name] = true
			names = append(names, name)
		}
	}
	for _, r := range requests {
		need(r.stream)
		if isMetastream(r.stream) {
			need(describedBy(r.stream))
		} else {
			need(metastreamOf(r.stream))
		}
	}
	if len(names) == 0 {
		return nil
	}
	found, err := q.store.streams(ctx, names)
	if err != nil {
		return err
	}
	for _, name := range names {
		s := &stream{name: name, head: -1}
		if isMetastream(name) {
			s.maxCount = 1 // of a metadata stream only the newest event shows
		}
		q.cache.put(s)
	}
	for _, s := range found {
		q.cache.put(s)
	}
	return nil
}

// loadPast asks, with one round trip for the whole batch, for the stored events
// that could make a request a repeat. Requests at the head of their stream and
// requests on new streams ask nothing.
//
// A stream's head may move within the batch; what a later request then needs
// below the new head stands in the batch itself.
func (q *sequencer) loadPast(ctx context.Context, requests []*request, b *batch) error {
	var ids []idKey
	var revs []revKey
	for _, r := range requests {
		s := q.cache.get(r.stream)
		if s.head < 0 || s.tomb {
			continue
		}
		switch r.want.kind {
		case expectAny, expectStreamExists:
			for _, id := range r.ids {
				ids = append(ids, idKey{s.sid, id})
			}
		default:
			for i := range r.ids {
				if rev := r.want.last() + 1 + int64(i); rev >= 0 && rev <= s.head {
					revs = append(revs, revKey{s.sid, rev})
				}
			}
		}
	}
	if len(ids) == 0 && len(revs) == 0 {
		return nil
	}
	return q.store.past(ctx, ids, revs, b.past.add)
}
