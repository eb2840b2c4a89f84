package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/vault"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

const (
	// leastFree is where a private database may soon stop: two segments of its log.
	leastFree = 32 << 20
	// lowFree is where somebody should make room: about a year of a city's facts.
	lowFree = 1 << 30
)

// checks are what /readyz asks.
func (r *rooms) checks() []health.Check {
	disk := diskCheck(r.config.StateDir)
	disk.Required = r.storage.server != nil
	checks := []health.Check{
		{Name: "database", Required: true, Look: health.Simply(r.pool.Ping),
			Do: "see whether PostgreSQL runs and has free connections; jejak doctor tells more"},
		{Name: "eventstore", Required: true, Look: r.lookAtStore,
			Do: "see whether the event store runs and has a leader; jejak doctor tells more"},
		{Name: "vault", Required: true, Look: health.Simply(r.vault.Ping),
			Do: "see whether PostgreSQL runs: the vault lies in it"},
		{Name: "vault-key", Look: r.lookAtKey,
			Do: "put the key file back from its safe place, with mode 0600, before the next start: without it every name and text is lost"},
		disk,
		{Name: "lease", Look: r.lookAtLeases,
			Do: "see whether the processes that follow the log run and reach the database"},
		{Name: "outsiders", Look: r.lookAtOutsiders,
			Do: "see the runbook, A stream was cut: jejak verify names the streams, jejak doctor the first of each kind"},
		{Name: "parked", Look: r.lookAtParked,
			Do: "jejak parked list shows the streams and why; replay them after the fault is mended"},
	}
	for _, name := range r.engine.Names() {
		checks = append(checks, health.Check{Name: "projection:" + name, Required: true, Look: r.lookAtLag(name),
			Do: "wait when the lag shrinks; else look at the log for this read model's name, and restart the process that holds its lease"})
	}
	return checks
}

// serving is a check that fails once the end was asked for: whoever sends requests
// here sends the next ones elsewhere.
func serving(ctx context.Context) health.Check {
	return health.Check{Name: "serving", Required: true, Look: health.Simply(func(context.Context) error { return ctx.Err() }),
		Do: "nothing: the process ends in order, and another one takes the requests"}
}

// lookAtLag waits a moment for a read model to have what the log has now.
func (r *rooms) lookAtLag(name string) func(context.Context) (health.Finding, error) {
	return func(ctx context.Context) (health.Finding, error) {
		sight := r.lags.Look(ctx)
		lag, seen := sight.Of(name)
		if !seen || !lag.Known {
			refusal := &domain.Error{Kind: domain.Unavailable, Slug: "projection-lag-unknown", Detail: "it is not known how far the read model is behind the log"}
			found := health.Finding{Detail: laggingOf(lag).String()}
			if sight.Database != nil || sight.Log != nil {
				found.Do = "nothing here: the checks database and eventstore say which store cannot be asked"
			}
			return found, errors.Join(refusal, sight.Database, sight.Log)
		}
		want, err := lag.Position, error(nil) // also this process must have met what another has applied
		if lag.Age > 0 {
			want, err = r.logHead(ctx)
		}
		if err == nil {
			err = r.engine.WaitFor(ctx, name, want)
		}
		if err != nil {
			refusal := &domain.Error{Kind: domain.Unavailable, Slug: "projection-lagging", Detail: "the read model is behind the log"}
			return health.Finding{Detail: laggingOf(lag).String()}, errors.Join(refusal, err)
		}
		return health.Finding{Detail: fmt.Sprintf("at position %d", want)}, nil
	}
}

// lookAtKey makes sure that the key file is still there: the running process has
// its key in memory and would not miss it.
func (r *rooms) lookAtKey(context.Context) (health.Finding, error) {
	kek, err := vault.LoadKEK(r.config.KeyFile)
	if err == nil && kek.ID() != r.kek {
		err = errors.New("the key file holds another key than the one in use")
	}
	return health.Finding{}, err
}

// diskCheck is required where a private database lies on the volume.
func diskCheck(stateDir string) health.Check {
	return health.Check{Name: "disk", Required: true, Look: lookAtDisk(stateDir),
		Do: "make room on the volume of the state directory, or enlarge it"}
}

// lookAtDisk fails before PostgreSQL would.
func lookAtDisk(stateDir string) func(context.Context) (health.Finding, error) {
	return func(context.Context) (health.Finding, error) {
		free, err := freeBytes(stateDir)
		if err != nil {
			return health.Finding{}, err
		}
		// The database's own log may lie on another volume, and stops it just as well.
		wal, err := freeBytes(filepath.Join(stateDir, "pg", "data", "pg_wal"))
		switch {
		case err == nil:
			free = min(free, wal)
		case !errors.Is(err, os.ErrNotExist) && !errors.Is(err, os.ErrPermission):
			return health.Finding{}, err
		}
		found := health.Finding{Warn: free < lowFree, Detail: fmt.Sprintf("%d MiB free", free>>20)}
		if free < leastFree {
			return found, &domain.Error{Kind: domain.Unavailable, Slug: "disk-full", Detail: "the volume of the state directory is full"}
		}
		return found, nil
	}
}

// freeBytes of the volume of a directory, for those who are not root.
func freeBytes(dir string) (uint64, error) {
	var volume syscall.Statfs_t
	if err := syscall.Statfs(dir, &volume); err != nil {
		return 0, fmt.Errorf("ask for the free space at %s: %w", dir, err)
	}
	return volume.Bavail * uint64(volume.Bsize), nil
}

// lookAtLeases makes sure that somebody writes each read model.
func (r *rooms) lookAtLeases(ctx context.Context) (health.Finding, error) {
	list, err := engine.Standings(ctx, r.pool)
	if err != nil {
		return health.Finding{}, err
	}
	led := map[string]bool{}
	for _, s := range list {
		led[s.Projection] = s.Led
	}
	var idle []string
	ours := 0
	for _, name := range r.engine.Names() {
		if !led[name] {
			idle = append(idle, name)
		}
		if r.engine.Leading(name) {
			ours++
		}
	}
	if len(idle) > 0 {
		return health.Finding{Warn: true, Detail: "nobody writes " + strings.Join(idle, ", ")}, nil
	}
	return health.Finding{Detail: fmt.Sprintf("this process writes %d of %d read models", ours, len(r.engine.Names()))}, nil
}

// lookAtParked warns of facts that wait for people.
func (r *rooms) lookAtParked(ctx context.Context) (health.Finding, error) {
	list, err := engine.Standings(ctx, r.pool)
	if err != nil {
		return health.Finding{}, err
	}
	parked := 0
	for _, s := range list {
		if slices.Contains(r.engine.Names(), s.Projection) {
			parked += s.Parked
		}
	}
	if parked > 0 {
		return health.Finding{Warn: true, Detail: fmt.Sprintf("%d parked", parked)}, nil
	}
	return health.Finding{}, nil
}
