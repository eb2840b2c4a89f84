package node

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// batch is a group of requests decided together and stored in one transaction.
type batch struct {
	first   int64 // position of its first event
	created int64
	events  []*event
	touched []*stream // every stream that is new, ends, or is described anew; once

	outcomes []outcome // one a request
	past     pastEvents
	indexed  int // events of this batch that past already knows
}

// pastEvents are stored events that a decision asked about, found by id or by number.
type pastEvents struct {
	byID  map[idKey]stored
	byRev map[revKey]idAt
}

type idKey struct {
	sid int64
	id  uuid.UUID
}

type revKey struct {
	sid, rev int64
}

type idAt struct {
	id  uuid.UUID
	pos int64
}

func (p *pastEvents) add(sid, rev int64, id uuid.UUID, pos int64) {
	if p.byID == nil {
		p.byID, p.byRev = map[idKey]stored{}, map[revKey]idAt{}
	}
	if old, ok := p.byID[idKey{sid, id}]; !ok || old.rev < rev {
		p.byID[idKey{sid, id}] = stored{rev, pos}
	}
	p.byRev[revKey{sid, rev}] = idAt{id, pos}
}

// index makes the batch's own events findable; only a batch that asks pays for it.
func (b *batch) index() {
	for _, e := range b.events[b.indexed:] {
		b.past.add(e.sid, e.rev, e.id, e.pos)
	}
	b.indexed = len(b.events)
}

func (b *batch) at(sid, rev int64) (uuid.UUID, int64, bool) {
	b.index()
	found, ok := b.past.byRev[revKey{sid, rev}]
	return found.id, found.pos, ok
}

func (b *batch) latest(sid int64, id uuid.UUID) (stored, bool) {
	b.index()
	found, ok := b.past.byID[idKey{sid, id}]
	return found, ok
}

// decide rules on every request in order, each seeing the writes of those before
// it, and builds the transaction. It changes cached streams: when the batch is
// not stored the cache must be forgotten.
func (q *sequencer) decide(ctx context.Context, requests []*request) (*batch, error) {
	b := &batch{first: q.head + 1, created: ticks(q.now()), outcomes: make([]outcome, len(requests))}
	if err := q.loadStreams(ctx, requests); err != nil {
		return nil, fmt.Errorf("load streams: %w", err)
	}
	if err := q.loadPast(ctx, requests, b); err != nil {
		return nil, fmt.Errorf("load known ids: %w", err)
	}
	for i, r := range requests {
		b.outcomes[i] = q.rule(b, r)
	}
	return b, nil
}

// rule decides one request and, when it is accepted, adds its events.
func (q *sequencer) rule(b *batch, r *request) outcome {
	select {
	case <-r.gone:
		return outcome{err: abandoned()}
	default:
	}
	if !r.deadline.IsZero() && !q.now().Before(r.deadline) {
		return outcome{err: abandoned()}
	}
	s := q.cache.get(r.stream)
	ruled := check(s, r.want, r.ids, b)
	if r.action != actAppend && r.want.kind == expectNoStream && s.softDeleted() && !s.tomb {
		ruled.verdict = accepted // as in EventStoreDB, which takes no empty append for the same
	}
	if r.action == actDelete && ruled.verdict == accepted && s.missing() {
		ruled.verdict = wrongVersion
	}
	switch ruled.verdict {
	case wrongVersion, gone:
		return outcome{verdict: ruled.verdict, rev: s.head}
	case repeated:
		return outcome{verdict: repeated, rev: ruled.rev, pos: ruled.pos}
	}
	if !q.inPlace(b, r) {
		return outcome{err: outOfPlace(b)}
	}
	switch {
	case r.action == actDelete:
		q.describe(b, s, []byte(softDeletedBody))
	case q.refill && r.want.kind == expectAny: // of all that is refilled, a stream's end alone
		q.tombstone(b, s, r.events[0])
	case r.action == actTombstone:
		q.tombstone(b, s, &event{id: uuid.New(), typ: typeTombstone, data: []byte{}, meta: []byte{}})
	case len(r.events) == 0:
		return outcome{rev: s.head}
	default:
		q.append(b, s, r.events)
		last := outcome{rev: s.head, pos: b.last()}
		q.undelete(b, s, int64(len(r.events)))
		return last
	}
	return outcome{rev: s.head, pos: b.last()}
}

// append adds a request's events to its stream.
func (q *sequencer) append(b *batch, s *stream, events []*event) {
	for _, e := range events {
		s.head++
		b.add(q, s, e, s.head)
	}
	if isMetastream(s.name) {
		newest := events[len(events)-1]
		about := q.cache.get(describedBy(s.name))
		about.wasDeleted = about.softDeleted()
		about.describe(newest.data, newest.json)
		b.touch(q, about)
	}
}

// undelete takes a soft delete back, as EventStoreDB does, behind what a request
// has added to the stream or to its metadata: the metadata is written once more
// with "$tb" at the first event that is new since. Metadata that is no JSON object
// is left as it is, and hides nothing. What is refilled holds all that already.
func (q *sequencer) undelete(b *batch, s *stream, added int64) {
	about, from := s, s.head-added+1
	if isMetastream(s.name) {
		about = q.cache.get(describedBy(s.name))
		from = about.head + 1
		if !about.wasDeleted {
			return
		}
	} else if !s.softDeleted() {
		return
	}
	about.wasDeleted = false
	if body, ok := undeletedBody(about.rawMeta, from); ok && !q.refill {
		q.describe(b, about, body)
	}
}

// describe writes a metadata event of the node's own about s.
func (q *sequencer) describe(b *batch, s *stream, body []byte) {
	q.append(b, q.cache.get(metastreamOf(s.name)), []*event{{
		id: uuid.New(), typ: typeMetadata, json: true, data: body, meta: []byte{},
	}})
	s.wasDeleted = false
}

// tombstone ends the stream, and its metadata stream with it.
func (q *sequencer) tombstone(b *batch, s *stream, e *event) {
	b.add(q, s, e, tombstoneRevision)
	s.tomb = true
	b.touch(q, s)
	if !isMetastream(s.name) {
		about := q.cache.get(metastreamOf(s.name))
		about.tomb = true
		b.touch(q, about)
	}
}

// add gives the event its place. The requester's event is copied: after a failed
// transaction the request is decided anew.
func (b *batch) add(q *sequencer, s *stream, proposed *event, rev int64) {
	if s.sid == 0 {
		b.touch(q, s)
	}
	e := *proposed
	if !q.refill || e.created == 0 {
		e.created = b.created
	}
	e.pos, e.sid, e.stream, e.rev = b.first+int64(len(b.events)), s.sid, s.name, rev
	b.events = append(b.events, &e)
}

// last is the position of the last event so far.
func (b *batch) last() int64 { return b.first + int64(len(b.events)) - 1 }

func (b *batch) touch(q *sequencer, s *stream) {
	if s.sid == 0 {
		q.lastSID++
		s.sid = q.lastSID
	}
	if !s.dirty {
		s.dirty = true
		b.touched = append(b.touched, s)
	}
}

// settle is called once the batch is stored.
func (b *batch) settle() {
	for _, s := range b.touched {
		s.settle()
	}
}
