package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/vault"
	"github.com/jejak-kinerja/jejak/projections"
	projectionlist "github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

const (
	// askLimit is how long each store may take to answer.
	askLimit = 5 * time.Second
	// leastMemoryKB is what the product and its database want to have free.
	leastMemoryKB = 512 << 10
	// clocksApart is how far two clocks may differ before facts look misdated.
	clocksApart = 5 * time.Second
)

// account tells whether we may read what is the service's own: from another
// account nothing that follows is what it seems.
func (d *doctor) account() bool {
	_, err := vault.LoadKEK(d.config.KeyFile)
	if errors.Is(err, fs.ErrPermission) {
		d.say("account", fails, "run this as the account of the service", "%v", err)
		return false
	}
	return true
}

func (d *doctor) machine() {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		d.say("memory", warns, "look at it by hand", "%v", err)
		return
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		var free int
		if n, _ := fmt.Sscanf(lines.Text(), "MemAvailable: %d kB", &free); n == 1 { // another line
			status := fine
			if free < leastMemoryKB {
				status = warns
			}
			d.say("memory", status, "end something else, or give the machine more", "%d MiB free", free>>10)
		}
	}
}

func (d *doctor) state() {
	dir := d.config.StateDir
	if d.seen.Closed != nil {
		d.say("state-dir", fails, "let the server's account walk there (chmod o+x), or give another --state-dir", "%v", d.seen.Closed)
	} else if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		d.say("state-dir", warns, "give the --state-dir of the service; only its first start makes one", "%s is not there", dir)
	} else {
		d.say("state-dir", fine, "", "%s", dir)
	}
	for at := dir; ; at = filepath.Dir(at) { // it may not be there yet
		free, err := freeBytes(at)
		if errors.Is(err, fs.ErrNotExist) && at != filepath.Dir(at) {
			continue
		}
		switch {
		case err != nil:
			d.say("disk", warns, "look at it by hand", "%v", err)
		case free < leastFree:
			d.say("disk", fails, "make room: the database stops soon", "%d MiB free", free>>20)
		case free < lowFree:
			d.say("disk", warns, "make room, or enlarge the volume", "%d MiB free", free>>20)
		default:
			d.say("disk", fine, "", "%d MiB free", free>>20)
		}
		return
	}
}

func (d *doctor) programs() {
	switch {
	case d.config.DatabaseURL != "":
		d.say("postgresql", fine, "", "another server is used, none of our own")
	case d.seen.NoPrograms != nil:
		d.say("postgresql", fails, "apt-get install postgresql, or give --database-url", "%v", d.seen.NoPrograms)
	case d.seen.Cluster == 0:
		d.say("postgresql", fine, "", "version %d in %s; no cluster yet, the first start makes one", d.seen.Version, d.seen.BinDir)
	default:
		d.say("postgresql", fine, "", "version %d in %s, for a cluster of version %d", d.seen.Version, d.seen.BinDir, d.seen.Cluster)
	}
}

func (d *doctor) keys() {
	const back = "put it back from its safe place, with mode 0600: without it every name and text is lost"
	switch kek, err := vault.LoadKEK(d.config.KeyFile); {
	case err == nil:
		d.say("key", fine, "", "%s holds key %s", d.config.KeyFile, kek.ID())
	case errors.Is(err, fs.ErrNotExist) && d.seen.Cluster == 0:
		d.say("key", fine, "", "no key file yet, the first start makes one: keep a copy apart from the backups")
	default:
		d.say("key", fails, back, "%v", err)
	}
	switch about, err := os.Stat(d.config.SecretFile); {
	case errors.Is(err, fs.ErrNotExist) && d.seen.Cluster == 0:
	case err != nil:
		d.say("secret", fails, "put it back: without it old requests are not known again", "%v", err)
	case about.Mode().Perm()&0o077 != 0 || about.Size() != secretBytes:
		d.say("secret", fails, "it must be "+fmt.Sprint(secretBytes)+" bytes with mode 0600", "%s has mode %s and %d bytes", d.config.SecretFile, about.Mode().Perm(), about.Size())
	default:
		d.say("secret", fine, "", "%s", d.config.SecretFile)
	}
}

func (d *doctor) database(ctx context.Context) {
	url := d.config.DatabaseURL
	if url == "" && !d.running {
		if d.seen.Server > 0 {
			d.say("database", warns, "wait a moment: it shuts down", "a server (pid %d) without its program", d.seen.Server)
			return
		}
		d.say("database", fine, "", "not running; serve starts it")
		return
	}
	var err error
	if url == "" {
		if url, err = d.seen.URL(databaseName); err != nil {
			d.say("database", fails, "restore the file from a backup of the state directory", "%v", err)
			return
		}
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	var version string
	var theirs time.Time
	if d.conn, err = pgx.Connect(ctx, url); err == nil {
		err = d.conn.QueryRow(ctx, `select current_setting('server_version'), clock_timestamp()`).Scan(&version, &theirs)
	}
	if err != nil {
		d.say("database", fails, "see whether the server runs, and its log", "%s", withoutPassword(err, url))
		return
	}
	apart := clock.Now().Sub(theirs).Abs()
	if apart > clocksApart {
		d.say("clock", fails, "let both machines follow a time server", "the database's clock is %v away from this machine's", apart.Round(time.Second))
	} else {
		d.say("clock", fine, "", "in step with the database's")
	}
	if d.running {
		d.say("database", fine, "", "PostgreSQL %s, held by pid %d", version, d.seen.Holder)
	} else {
		d.say("database", fine, "", "PostgreSQL %s", version)
	}
}

// withoutPassword keeps an address's password out of what is printed.
func withoutPassword(err error, url string) string {
	text := err.Error()
	if config, parsed := pgx.ParseConfig(url); parsed == nil && config.Password != "" {
		text = strings.ReplaceAll(text, config.Password, "***")
	}
	return text
}

func (d *doctor) eventstore(ctx context.Context) {
	s := &storage{eventstoreURL: d.config.EventstoreURL}
	if s.eventstoreURL == "" && !s.joinNode(d.config) {
		d.say("eventstore", fine, "", "the embedded one; not running")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	wrong := func(err error) {
		do := "see whether it runs and has a leader, and the address"
		if slug := domain.SlugOf(err); strings.HasPrefix(slug, "event-store-") {
			do = "see the runbook, The event store is gone: the table says what to do about " + slug
		}
		d.say("eventstore", fails, do, "%v", err)
	}
	known, err := catalog.Ledger()
	if err != nil {
		wrong(err)
		return
	}
	log, err := s.openLog(ctx, known, slog.New(slog.DiscardHandler))
	if err != nil {
		wrong(err)
		return
	}
	head, err := log.Head(ctx)
	if err != nil {
		wrong(errors.Join(err, log.Close()))
		return
	}
	d.log = log
	d.say("eventstore", fine, "", "answers; the log ends at position %d", head)
}

func (d *doctor) readModels(ctx context.Context) {
	if d.conn == nil || d.conn.IsClosed() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	list, err := engine.Standings(ctx, d.conn)
	if err != nil {
		d.say("read-models", fails, "see the log of the service", "%v", err)
		return
	}
	parked, retired := 0, 0
	var names, idle []string
	for _, s := range list {
		if !slices.ContainsFunc(projectionlist.All(), func(p projections.Projection) bool { return p.Name == s.Projection }) {
			retired++
			continue
		}
		names = append(names, s.Projection)
		parked += s.Parked
		if !s.Led {
			idle = append(idle, s.Projection)
		}
	}
	switch {
	case parked > 0:
		d.say("read-models", warns, "jejak parked list shows why", "%d streams are parked", parked)
	case len(idle) > 0 && d.running:
		d.say("read-models", warns, "restart the process that should hold them", "nobody writes %s", strings.Join(idle, ", "))
	case retired > 0:
		d.say("read-models", fine, "", "%d, nothing parked; %d of another version, see jejak projection list", len(list)-retired, retired)
	default:
		d.say("read-models", fine, "", "%d, nothing parked", len(list))
	}
	if d.log != nil {
		d.identity(ctx, names)
		d.lag(ctx, names)
	}
}

// lag says how far the read models are behind the log.
func (d *doctor) lag(ctx context.Context, names []string) {
	const do = "wait when jejak projection list shows that it shrinks; else see the runbook: A read model is behind"
	sight := engine.NewWatch(d.conn, names, d.log.LookBeyond, clock.Now).Look(ctx)
	late := 0
	for _, lag := range sight.Models {
		if is := laggingOf(lag); !lag.Known || lag.Age > lateTime {
			late++
			d.say("lag", warns, do, "%s: %s", lag.Projection, is)
		}
	}
	switch err := errors.Join(sight.Database, sight.Log); {
	case err != nil:
		d.say("lag", warns, do, "not known: %v", err)
	case late == 0 && len(names) > 0:
		d.say("lag", fine, "", "no read model is more than %v behind the log", lateTime)
	}
}

// address is free when nothing runs, and answers when something does.
func (d *doctor) address(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+d.listen+"/readyz", nil)
	if err != nil {
		d.say("address", fails, "write it as host:port", "%v", err)
		return
	}
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		resp.Body.Close() //nolint:errcheck // only the status counts
		status := fine
		if resp.StatusCode != http.StatusOK {
			status = warns
		}
		d.say("address", status, "curl http://"+d.listen+"/readyz tells each check", "%s: /readyz says %s", d.listen, resp.Status)
		return
	}
	listener, taken := net.Listen("tcp", d.listen)
	if taken != nil {
		d.say("address", fails, "end what uses it, or give another --listen", "%v", taken)
		return
	}
	listener.Close() //nolint:errcheck // nobody came in
	if d.running {
		d.say("address", warns, "give the --listen of the running service", "nobody answers at %s", d.listen)
		return
	}
	d.say("address", fine, "", "%s is free", d.listen)
}
