package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/logwatch"
	"github.com/jejak-kinerja/jejak/internal/telemetry"
	"github.com/jejak-kinerja/jejak/internal/vault"
	projectionlist "github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// readConnections serve pages, the API and the projections of one process.
const readConnections = 24

// rooms are the opened rooms of the house, below the edge.
type rooms struct {
	config  *Config
	log     *slog.Logger
	storage *storage
	catalog *catalog.Catalog
	events  *eventlog.Log
	vault   *vault.Vault
	kek     string // fingerprint of the key in use
	pool    *pgxpool.Pool
	engine  *engine.Engine
	lags    *engine.Watch // how far the read models are behind the log
	office  *commands.Office
	watch   *availability.Watch // of the event store
	logs    *logwatch.Watch     // of whose log it holds
	book    *logwatch.Book      // what the database knows of it
	unseen  *atomic.Bool        // the store was away, and logs has not looked since
	metrics *telemetry.Metrics
	tracing *telemetry.Tracing // nil when nobody traces
}

// openRooms opens one after the other; what was opened is closed again when a
// later one fails. With attach, a product already running is joined.
func openRooms(ctx context.Context, c *Config, log *slog.Logger, attach bool) (_ *rooms, err error) {
	r := &rooms{config: c, log: log, unseen: new(atomic.Bool), metrics: telemetry.New(thisRelease().build())}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.close(context.WithoutCancel(ctx)))
		}
	}()
	if !attach {
		if r.tracing, err = startTracing(ctx, log); err != nil {
			return nil, err
		}
	}
	if r.storage, err = openStorage(ctx, c, log, r.tracing, attach); err != nil {
		return nil, err
	}
	if r.storage.node != nil {
		r.metrics.Node(r.storage.nodeCounts)
	}
	if r.catalog, err = catalog.Ledger(); err != nil {
		return nil, err
	}
	if r.events, err = r.meetLog(ctx, attach); err != nil {
		return nil, err
	}
	r.watch = r.newWatch()
	if !attach {
		r.watch.Probe(ctx) // what follows does not wait for a store that is away
	}
	kek, err := c.loadKEK(ctx, r.storage.databaseURL)
	if err != nil {
		return nil, err
	}
	r.kek = kek.ID()
	if r.vault, err = vault.Open(ctx, vault.Options{URL: r.storage.databaseURL, KEK: kek, Clock: clock.Now, Zone: c.location}); err != nil {
		return nil, err
	}
	if r.pool, err = engine.Connect(ctx, r.storage.databaseURL, readConnections); err != nil {
		return nil, err
	}
	readModels := engine.Options{Log: log, Clock: clock.Now, NearEnd: r.nearEnd, Leased: !attach, Trace: r.traceFacts("commit")}
	if r.engine, err = engine.Open(ctx, r.pool, projectionlist.All(), readModels); err != nil {
		return nil, err
	}
	r.lags = engine.NewWatch(r.pool, r.engine.Names(), r.lookBeyond, clock.Now)
	if r.storage.server != nil {
		if err := r.engine.ForgetLeases(ctx); err != nil {
			return nil, err
		}
	}
	if r.logs, err = r.openLogWatch(ctx); err != nil {
		return nil, err
	}
	if !attach {
		r.firstLook(ctx)
	}
	secret, err := loadSecret(c.SecretFile)
	if err != nil {
		return nil, err
	}
	store := r.traced(measured{r.events, r.metrics, r.catalog})
	if attach { // a subcommand has nobody who looks whether the store is back
		store = r.rightLogOnly(store)
	} else {
		store = r.watch.Guard(store)
	}
	r.office = &commands.Office{Store: store, Vault: r.vault, Keys: r.vault,
		Clock: clock.Now, Zone: c.location, Salt: newSalt, Secret: secret}
	return r, nil
}

const (
	// meetLimit is how long a subcommand waits for the event store's first answer.
	meetLimit = 15 * time.Second
	// storePatience is how long the service does: it reads without the event store,
	// and writes when it comes.
	storePatience = 2 * time.Second
)

func (r *rooms) meetLog(ctx context.Context, attach bool) (*eventlog.Log, error) {
	if attach {
		limited, cancel := context.WithTimeout(ctx, meetLimit)
		defer cancel()
		ctx = limited
	}
	o := r.storage.logOptions(r.catalog, r.log)
	o.Confirm = r.confirmLog
	if !attach || r.config.storeMayBeAway {
		o.Patience = storePatience
	}
	return eventlog.Open(ctx, o)
}

// close ends everything, in reverse.
func (r *rooms) close(ctx context.Context) error {
	var errs []error
	if r.pool != nil {
		r.pool.Close()
	}
	if r.vault != nil {
		r.vault.Close()
	}
	if r.events != nil {
		errs = append(errs, r.events.Close())
	}
	if r.storage != nil {
		errs = append(errs, r.storage.close(ctx))
	}
	endTracing(ctx, r.tracing, r.log)
	return errors.Join(errs...)
}

// newSalt makes 16 random bytes, base64url.
func newSalt() string {
	var salt [16]byte
	rand.Read(salt[:]) //nolint:errcheck // crypto/rand.Read never fails; it ends the program instead
	return base64.RawURLEncoding.EncodeToString(salt[:])
}

// secretBytes is the length of the installation's secret.
const secretBytes = 32

// loadSecret reads the secret that keys digests of requests, or makes it once.
func loadSecret(path string) ([]byte, error) {
	secret, err := os.ReadFile(path)
	if err == nil && len(secret) == secretBytes {
		return secret, nil
	}
	if err == nil {
		return nil, fmt.Errorf("the secret %s is damaged: it must have %d bytes", path, secretBytes)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read the secret: %w", err)
	}
	secret = make([]byte, secretBytes)
	rand.Read(secret) //nolint:errcheck // crypto/rand.Read never fails; it ends the program instead
	if err := os.MkdirAll(filepath.Dir(path), 0o711); err != nil {
		return nil, fmt.Errorf("make the state directory: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write the secret: %w", err)
	}
	_, err = file.Write(secret)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, fmt.Errorf("write the secret: %w", err)
	}
	return secret, nil
}
