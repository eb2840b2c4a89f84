package domain

import "time"

// Capacity is the office in which somebody acts. Istilah: kapasitas jabatan.
type Capacity string

const (
	// Definitive: in one's own post. Istilah: definitif.
	Definitive Capacity = "definitif"
	// ActingVacant: acting for a vacant post. Istilah: pelaksana tugas (Plt).
	ActingVacant Capacity = "plt"
	// ActingAbsent: acting for an absent holder. Istilah: pelaksana harian (Plh).
	ActingAbsent Capacity = "plh"
	// Delegated: by recorded delegation. Istilah: delegasi.
	Delegated Capacity = "delegasi"
	// System: a program acts by rule, without a person. Istilah: sistem.
	System Capacity = "system"
)

// Capacities lists every capacity.
var Capacities = []Capacity{Definitive, ActingVacant, ActingAbsent, Delegated, System}

// Source tells through which door a fact came in.
type Source string

// The doors.
const (
	FromPage   Source = "page"
	FromAPI    Source = "api"
	FromImport Source = "import"
	FromDemo   Source = "demo"
	FromRule   Source = "rule"
)

// Meta is what is known about a fact besides the fact: who, in what capacity,
// on whose behalf and authority, why, when.
type Meta struct {
	// Command is the Idempotency-Key of the command that caused the fact.
	Command CommandID
	// Request binds the command's content: base64url SHA-256 of salt and content.
	Request string
	// Actor is who did it; empty only when Capacity is System.
	Actor      PersonID
	Capacity   Capacity
	OnBehalfOf PersonID
	// Authority names the rule that allowed it ("direct-superior", "bkpsdm", …).
	Authority string
	// Reason is why, in the actor's words, sealed.
	Reason      Sealed
	Source      Source
	Policy      string
	Correlation string
	Causation   string
	// RecordedAt is when we took the fact down; EffectiveAt since when it holds.
	// Both UTC, whole microseconds.
	RecordedAt  time.Time
	EffectiveAt time.Time
	// Trace is the W3C traceparent of the work that stored the fact; empty unless
	// operators were tracing it. It says nothing about the fact.
	Trace string
	// Salt is 16 random bytes, base64url: makes the digest of a small event unguessable.
	Salt string
}

// Recorded is a fact in its place in the log.
type Recorded struct {
	// Position in the whole log, growing, from 1.
	Position uint64
	Stream   string
	// Revision in the stream, gapless, from 0.
	Revision uint64
	ID       EventID
	// Name is the stored name; Body the decoded event, a struct value.
	Name string
	Body any
	// Foreign says that the name is none of the stream's category: somebody else
	// wrote it there. It has its revision and its bytes, but no Body, and nobody
	// decides or counts by it.
	Foreign bool
	// Data is the body as stored: canonical JSON (RFC 8785).
	Data []byte
	Meta Meta
	// StoredAt is the event store's own time, UTC.
	StoredAt time.Time
}
