package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// Config is everything that can be set from outside: each field is a flag and an
// environment variable. The zero value of each works on one machine.
type Config struct {
	StateDir      string        `env:"JEJAK_STATE_DIR" type:"path" help:"Where the private database, keys and sockets live (default: /var/lib/jejak for root, else the XDG state directory)."`
	DatabaseURL   string        `env:"JEJAK_DATABASE_URL" help:"PostgreSQL to use instead of a private one (postgres://…)."`
	EventstoreURL string        `env:"JEJAK_EVENTSTORE_URL" help:"KurrentDB or EventStoreDB to use instead of the embedded node (esdb://…)."`
	KeyFile       string        `env:"JEJAK_KEY_FILE" type:"path" help:"File with the key-encryption key (default: key.json in the state directory)."`
	SecretFile    string        `env:"JEJAK_SECRET_FILE" type:"path" help:"File with the secret that keys digests of requests, the same for all replicas (default: secret in the state directory)."`
	NewSecret     bool          `help:"Go on with the secret file as it is, or with a new one, though this ledger is used with another. Only when that one is lost for good."`
	NodeAdvertise string        `env:"JEJAK_NODE_ADVERTISE" help:"Makes this one of several replicas on one database: host:port at which the others reach its embedded event store. Needs --database-url, and serve --node-listen."`
	Zone          string        `name:"tz" env:"JEJAK_TZ" default:"Asia/Jakarta" help:"Time zone of the office."`
	LogWatchEvery time.Duration `env:"JEJAK_LOG_WATCH_EVERY" default:"1m" help:"How often the event store is asked whether it still holds the log that this database belongs to; also at every start and after every outage."`
	LogLevel      string        `env:"JEJAK_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"How much to log."`

	location *time.Location
	opening  nodeOpening // of serve alone
	// storeMayBeAway: the subcommand goes on without an event store that is away.
	storeMayBeAway bool
}

// nodeOpening is where the embedded event store answers others.
type nodeOpening struct {
	listen string // "" for nowhere
	door   nodeDoor
}

// check validates the whole and joins all errors.
func (c *Config) check() error {
	var errs []error
	if c.StateDir == "" {
		dir, err := pgrun.DefaultDir()
		errs = append(errs, err)
		c.StateDir = dir
	}
	if c.KeyFile == "" {
		c.KeyFile = filepath.Join(c.StateDir, "key.json")
	}
	if c.SecretFile == "" {
		c.SecretFile = filepath.Join(c.StateDir, "secret")
	}
	errs = append(errs, c.checkReplica())
	if c.LogWatchEvery < 0 {
		errs = append(errs, errors.New("--log-watch-every must be longer than nothing"))
	}
	location, err := time.LoadLocation(c.Zone)
	if err != nil {
		errs = append(errs, fmt.Errorf("--tz %q is no time zone: write it as Asia/Jakarta", c.Zone))
	}
	c.location = location
	if c.DatabaseURL != "" && !hasScheme(c.DatabaseURL, "postgres", "postgresql") {
		errs = append(errs, errors.New("--database-url must begin with postgres://"))
	}
	if c.EventstoreURL != "" && !isEventstore(c.EventstoreURL) {
		errs = append(errs, errors.New("--eventstore-url must begin with esdb://, kurrentdb://, kurrent:// or kdb://, or one of them with +discover"))
	}
	return errors.Join(errs...)
}

// checkReplica: several replicas share a database and each has a node of its own.
func (c *Config) checkReplica() error {
	if c.NodeAdvertise == "" {
		return nil
	}
	var errs []error
	if host, port, err := net.SplitHostPort(c.NodeAdvertise); err != nil || host == "" || port == "" || port == "0" {
		errs = append(errs, fmt.Errorf("--node-advertise %q must be host:port, as the other replicas dial it", c.NodeAdvertise))
	}
	if c.DatabaseURL == "" {
		errs = append(errs, errors.New("--node-advertise needs --database-url: replicas share a database"))
	}
	if c.EventstoreURL != "" {
		errs = append(errs, errors.New("--node-advertise is for the embedded event store, but --eventstore-url names another"))
	}
	return errors.Join(errs...)
}

// isEventstore says whether an address is one of an event store.
func isEventstore(s string) bool {
	for _, scheme := range eventlog.Schemes {
		if hasScheme(s, scheme, scheme+"+discover") {
			return true
		}
	}
	return false
}

func hasScheme(s string, schemes ...string) bool {
	for _, scheme := range schemes {
		if strings.HasPrefix(s, scheme+"://") {
			_, err := url.Parse(s)
			return err == nil || strings.Contains(s, ",") // a list of hosts is no URL by the book
		}
	}
	return false
}

// nodeSocket is where the embedded node listens for this product.
func (c *Config) nodeSocket() string { return filepath.Join(c.StateDir, "node.sock") }

// nodeURL is the file by which subcommands find a node that is one of several
// replicas: it holds a password, and is there while the product runs.
func (c *Config) nodeURL() string { return filepath.Join(c.StateDir, "node.url") }

// isLoopback says whether an address can be reached from this machine only.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
