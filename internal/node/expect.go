package node

import (
	"math"
	"strconv"

	"github.com/google/uuid"
)

// expectation is what a writer believes of the stream before its write.
type expectation struct {
	kind     expectKind
	revision uint64 // of the last event, for expectRevision; as it was written for expectNoStream, else 0
}

type expectKind uint8

const (
	expectAny expectKind = iota
	expectNoStream
	expectStreamExists
	expectRevision
)

// number is the expectation in the numbers of the protocol's trailers.
func (e expectation) number() string {
	switch e.kind {
	case expectNoStream:
		return "-1"
	case expectAny:
		return "-2"
	case expectStreamExists:
		return "-4"
	}
	return strconv.FormatUint(e.revision, 10)
}

// last is the revision that the writer takes for the last one: -1 for none.
func (e expectation) last() int64 {
	if e.kind == expectNoStream {
		return -1
	}
	return int64(min(e.revision, math.MaxInt64)) // beyond any number a stream can reach
}

// stored tells where an event stands.
type stored struct {
	rev, pos int64
}

// memory answers what a stream already holds, including what stands earlier in the same batch.
type memory interface {
	at(sid, rev int64) (id uuid.UUID, pos int64, ok bool)
	latest(sid int64, id uuid.UUID) (stored, bool)
}

// ruling is the answer to one write.
type ruling struct {
	verdict verdict
	stored  // of the last event, for repeated
}

type verdict uint8

const (
	accepted     verdict = iota
	repeated             // the same events are already there: success again
	wrongVersion         // the expectation does not hold
	gone                 // the stream is deleted
)

// check holds the expectation against the stream, exactly as EventStoreDB does:
// a repeat is told from a conflict by the ids of the events.
func check(s *stream, want expectation, ids []uuid.UUID, seen memory) ruling {
	if s.tomb {
		return ruling{verdict: gone}
	}
	switch want.kind {
	case expectStreamExists:
		if s.softDeleted() {
			return ruling{verdict: gone}
		}
		if s.missing() {
			return ruling{verdict: wrongVersion}
		}
		return checkAny(s, ids, seen)
	case expectAny:
		return checkAny(s, ids, seen)
	}
	return checkExact(s, want, ids, seen)
}

// checkAny asks for the ids alone. The first one decides: known means a repeat,
// and then all of them must be known.
func checkAny(s *stream, ids []uuid.UUID, seen memory) ruling {
	r := ruling{verdict: accepted}
	for i, id := range ids {
		at, ok := seen.latest(s.sid, id)
		switch {
		case !ok && i == 0:
			return ruling{verdict: accepted}
		case !ok:
			return ruling{verdict: wrongVersion}
		}
		r = ruling{verdict: repeated, stored: at}
	}
	return r
}

// checkExact compares numbers first, and ids only below the head. At the head no
// id is looked at: the same id becomes a second event.
func checkExact(s *stream, want expectation, ids []uuid.UUID, seen memory) ruling {
	last := want.last()
	switch {
	case last == s.head:
		return ruling{verdict: accepted}
	case last > s.head || len(ids) == 0:
		return ruling{verdict: wrongVersion}
	}
	r := ruling{verdict: repeated}
	for i, id := range ids {
		rev := last + 1 + int64(i)
		known, pos, ok := seen.at(s.sid, rev)
		switch {
		case ok && known == id:
			r.stored = stored{rev, pos}
		case i == 0 && want.kind == expectNoStream && s.softDeleted():
			return ruling{verdict: accepted}
		default:
			return ruling{verdict: wrongVersion}
		}
	}
	return r
}
