package eventlog

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/jejak-kinerja/jejak/domain/catalog"
)

const (
	// DefaultCallTimeout bounds one call: a commit takes milliseconds, a failover seconds.
	DefaultCallTimeout = 5 * time.Second

	// DefaultSilenceTimeout is how long a subscription may hear nothing before it
	// looks for itself whether there is something to hear.
	DefaultSilenceTimeout = 30 * time.Second

	// settleGrace is how long an append may outlast its caller's context to find out
	// whether it was stored: a store that is there answers in milliseconds.
	settleGrace = time.Second

	// MaxAppendBytes is EventStoreDB's limit for one append, by its own measure:
	// twice the type, the data and the metadata.
	MaxAppendBytes = 1 << 20

	// MaxStreamEvents is the longest stream that Load reads. A stream is one plan,
	// one report, one person: thousands of facts about one mean a broken writer.
	MaxStreamEvents = 20_000

	// MaxReadEvents is the most that one ReadAll or ReadStream gives: some MiB.
	MaxReadEvents = 10_000

	// discoverAttempts, 100 ms apart, is how long the library looks for its server
	// before it is closed for good: five minutes, for its default of one second is
	// less than a restart.
	discoverAttempts = 3_000
)

// Options say where the event store is.
type Options struct {
	// URL is "esdb://host:port?tls=false" or any other connection string of the
	// library, with any of Schemes. It may be empty when Socket is set.
	URL string
	// Socket is the path of a Unix socket to use in place of the URL's address.
	Socket string
	// AppendOnly says that the store itself refuses to delete or to cut a stream of
	// the ledger, as our own node does.
	AppendOnly bool
	// Catalog encodes and decodes events; required.
	Catalog *catalog.Catalog
	// Log takes what went wrong and was mended; slog.Default when nil.
	Log *slog.Logger
	// Patience is how long Open waits for the store's first answer before it returns
	// without; 0 waits as long as its context.
	Patience time.Duration
	// CallTimeout bounds every call, DefaultCallTimeout when 0.
	CallTimeout time.Duration
	// Confirm is asked before the first append by each new connection, for another
	// store, or an earlier state of this one, may stand there by now. It may read
	// the log; its error refuses the append. That a connection broke is heard at once
	// while there is a subscription. May be nil.
	Confirm func(context.Context) error
	// SilenceTimeout of subscriptions, DefaultSilenceTimeout when 0.
	SilenceTimeout time.Duration
}

func (o *Options) setDefaults() error {
	if o.Catalog == nil {
		return fmt.Errorf("event log: a catalog is needed")
	}
	if o.URL == "" && o.Socket == "" {
		return fmt.Errorf("event log: an address or a socket is needed")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.CallTimeout <= 0 {
		o.CallTimeout = DefaultCallTimeout
	}
	if o.SilenceTimeout <= 0 {
		o.SilenceTimeout = DefaultSilenceTimeout
	}
	return nil
}

// Schemes are those of an event store's address, each also with "+discover". All
// mean the same; the library knows the first only.
var Schemes = []string{"esdb", "kurrentdb", "kurrent", "kdb"}

// ourScheme gives an address the scheme that the library knows.
func ourScheme(address string) string {
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		return address
	}
	name, discover := strings.CutSuffix(strings.ToLower(scheme), "+discover")
	if !slices.Contains(Schemes, name) {
		return address
	}
	if discover {
		return "esdb+discover://" + rest
	}
	return "esdb://" + rest
}

// configuration makes the library's settings.
func (o *Options) configuration() (*esdb.Configuration, error) {
	c, err := esdb.ParseConnectionString(ourScheme(cmp.Or(o.URL, "esdb://localhost?tls=false"))) // a socket replaces the host
	if err != nil {
		return nil, fmt.Errorf("event log: read the address: %w", err)
	}
	if o.Socket != "" {
		c.Address, c.GossipSeeds, c.DnsDiscover, c.DisableTLS = "unix://"+o.Socket, nil, false, true
	}
	c.MaxDiscoverAttempts = max(c.MaxDiscoverAttempts, discoverAttempts)
	c.GossipTimeout = max(1, int(o.CallTimeout/time.Second))
	// What matters comes back as an error and is logged where it stops.
	c.Logger = func(level esdb.LogLevel, format string, args ...any) {
		o.Log.Debug("event store client", slog.Any("level", level), slog.Any("text", fmt.Sprintf(format, args...)))
	}
	return c, nil
}
