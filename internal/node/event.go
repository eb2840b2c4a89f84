package node

import (
	"time"

	"github.com/google/uuid"
)

// event is one stored event, as it stands in the table and in the ring. It is
// shared by many readers and never changed once it has been given a position.
type event struct {
	pos     int64 // from 1, without gaps
	sid     int64
	stream  string
	rev     int64 // from 0; tombstoneRevision for a tombstone
	created int64 // ticks of 100 ns since 1970-01-01 UTC
	id      uuid.UUID
	typ     string
	json    bool
	data    []byte
	meta    []byte
}

// eventOverhead is what an event weighs in memory besides its bodies, rounded up.
const eventOverhead = 256

// weight is the event's share of a memory limit, in bytes.
func (e *event) weight() int { return eventOverhead + len(e.typ) + len(e.data) + len(e.meta) }

const (
	// tombstoneRevision is the number of the event that ends a stream for good,
	// and as "$tb" the mark of a soft deleted one.
	tombstoneRevision = 1<<63 - 1

	typeMetadata  = "$metadata"
	typeTombstone = "$streamDeleted"
	typeLink      = "$>"

	contentJSON   = "application/json"
	contentBinary = "application/octet-stream"
)

// ticks turns a time into the protocol's unit.
func ticks(t time.Time) int64 { return t.UnixNano() / 100 }
