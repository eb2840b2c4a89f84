package backup

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strings"
	"time"
)

// Event is one event of the log with its exact bytes.
type Event struct {
	Position    uint64    `json:"position"` // the commit position
	Prepare     uint64    `json:"prepare"`
	Stream      string    `json:"stream"`
	Revision    uint64    `json:"revision"`
	ID          string    `json:"id"`
	Type        string    `json:"type"`
	ContentType string    `json:"content_type"`
	Created     time.Time `json:"created"` // UTC, in steps of 100 ns
	Data        []byte    `json:"data"`
	Metadata    []byte    `json:"metadata"`
}

// System says whether the event is the event store's own.
func (e Event) System() bool {
	return strings.HasPrefix(e.Type, "$") || strings.HasPrefix(e.Stream, "$")
}

// Same says whether two events are the same fact in the same place of its stream,
// byte for byte. Position and time of storing are the store's and not compared.
func (e Event) Same(o Event) bool {
	return e.Stream == o.Stream && e.Revision == o.Revision && e.ID == o.ID && e.Type == o.Type &&
		e.ContentType == o.ContentType && string(e.Data) == string(o.Data) && string(e.Metadata) == string(o.Metadata)
}

// Digest binds the events of a ledger in their order: each step is the SHA-256 of
// the step before and of all that Same compares, every field behind its length of
// 8 bytes. The store's own events are left out, so that it is the same on every
// server. The zero value is that of an empty ledger.
type Digest [sha256.Size]byte

// String is the digest as a manifest has it.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Add gives the digest with one event more.
func (d Digest) Add(e Event) Digest {
	if e.System() {
		return d
	}
	h := sha256.New()
	h.Write(d[:])
	for _, text := range []string{e.Stream, e.ID, e.Type, e.ContentType} {
		frame(h, []byte(text))
	}
	frame(h, binary.BigEndian.AppendUint64(nil, e.Revision))
	frame(h, e.Data)
	frame(h, e.Metadata)
	return Digest(h.Sum(nil))
}

func frame(h hash.Hash, b []byte) {
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
	h.Write(b)
}
