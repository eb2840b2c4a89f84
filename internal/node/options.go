package node

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"time"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

// Options of a node. The zero value of every field but DatabaseURL is its default.
type Options struct {
	// DatabaseURL names a PostgreSQL database in UTF8. The user owns the schema
	// eventstore, or may create it, and may create the role jejak_node. The writer
	// relies on its session: no pooler that shares sessions may stand in between.
	DatabaseURL string

	// Ledger tells which streams may only ever grow: for those Delete, Tombstone
	// and the writing of stream metadata are refused. Default: none.
	Ledger func(stream string) bool

	// LedgerWriters are the users who may append to these streams, on every
	// listener, besides who comes through a unix socket; Everybody for whoever may
	// append by access lists. Default: no others.
	LedgerWriters []string

	// Clock stamps events and judges "$maxAge". Default: clock.Now.
	Clock clock.Clock

	// Log receives ids and numbers, never bodies. Default: slog.Default.
	Log *slog.Logger

	// MaxAppendBytes bounds the data of all events of one append. Default 1 MiB, as
	// EventStoreDB; at most 16 MiB. With metadata and types an append weighs 32 MiB
	// at most.
	MaxAppendBytes int

	// TLS makes the node serve over TLS on every listener but unix sockets, and
	// only then hold callers to Users and access lists. Who comes through a unix
	// socket may do everything: its file mode says who that is. nil, the default,
	// is for listeners on the loopback address: everybody may do everything there
	// but write what the ledger keeps to its writers.
	TLS *tls.Config

	// Users may call a node with TLS. Without credentials nothing is answered but
	// Gossip and ServerFeatures. A node without TLS knows by them the ledger's writers.
	Users []User

	// AllowAnonymous gives callers without credentials what access lists give to
	// Everybody; persistent subscriptions need a name all the same.
	AllowAnonymous bool

	// Advertise is the "host:port" at which clients of other nodes reach this one.
	// With it the node is a replica: one of those on the database leads, the others
	// follow and take over. Without it the node stands alone, and refuses to start
	// beside another. All nodes of one database are of the same kind.
	Advertise string

	// Trace, when not nil, starts a span for an append below the caller's W3C
	// traceparent, and gives what ends it.
	Trace func(ctx context.Context, call, traceparent string) (end func(error))

	// Refill is for putting a log back: every event must come with its former place
	// ("created" and "position" in its proposal's metadata), at that place, and keeps
	// its time of storing. The node then stands alone and writes nothing by itself.
	Refill bool

	// Readers is the number of connections for reading. Default 8.
	Readers int

	patience time.Duration // recoverLimit; tests have less
}

const (
	defaultAppendBytes = 1 << 20
	// largestAppendBytes leaves room for the message around it (maxMessageBytes).
	largestAppendBytes = 16 << 20
	defaultReaders     = 8
)

func (o Options) withDefaults() (Options, error) {
	if o.DatabaseURL == "" {
		return o, errors.New("node: the database URL is missing")
	}
	if o.MaxAppendBytes < 0 || o.MaxAppendBytes > largestAppendBytes || o.Readers < 0 {
		return o, errors.New("node: MaxAppendBytes must be 0 to 16 MiB, Readers at least 0")
	}
	if o.Advertise != "" && o.Refill {
		return o, errors.New("node: a log is refilled by a node that stands alone")
	}
	if o.Advertise != "" {
		if _, err := newMember(o.Advertise); err != nil {
			return o, err
		}
	}
	if o.Ledger == nil {
		o.Ledger = func(string) bool { return false }
		o.LedgerWriters = []string{Everybody}
	}
	if o.Clock == nil {
		o.Clock = clock.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.MaxAppendBytes == 0 {
		o.MaxAppendBytes = defaultAppendBytes
	}
	if o.Readers == 0 {
		o.Readers = defaultReaders
	}
	if o.patience == 0 {
		o.patience = recoverLimit
	}
	return o, nil
}
