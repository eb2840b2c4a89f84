package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jejak-kinerja/jejak/api"
	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/telemetry"
)

const (
	// openAgain is the pause before the stores are tried again at the start.
	openAgain = time.Second
	// connectLimit is how long one try to reach the database may take.
	connectLimit = 5 * time.Second
)

// front is a handler that can be replaced while it serves.
type front struct{ handler atomic.Pointer[http.Handler] }

func (f *front) show(h http.Handler) { f.handler.Store(&h) }

// ServeHTTP answers by the present handler.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*f.handler.Load()).ServeHTTP(w, r)
}

// opening is a service on its way to being open: what it answers meanwhile, and what
// it has opened.
type opening struct {
	config *Config
	log    *slog.Logger
	// public and operators are the two addresses.
	public, operators front
	reason            atomic.Pointer[domain.Error] // why it is not open
	rooms             *rooms
	edge              *edge
}

var (
	errStarting     = &domain.Error{Kind: domain.Unavailable, Slug: "starting", Detail: "the service is being opened"}
	errDatabaseAway = &domain.Error{Kind: domain.Unavailable, Slug: "database-away", Detail: "the database cannot be reached yet"}
)

// newOpening makes the answers. Metrics are for everybody unless operators have an
// address of their own.
func newOpening(c *Config, log *slog.Logger, publicMetrics bool) *opening {
	o := &opening{config: c, log: log}
	o.reason.Store(errStarting)
	waits := health.New(health.Options{Release: thisRelease(), Log: log, Checks: []health.Check{
		{Name: "database", Required: true, Look: health.Simply(o.lookAtDatabase),
			Do: "see whether PostgreSQL runs and the address is right; jejak doctor tells more"},
		{Name: "start", Required: true, Look: health.Simply(func(context.Context) error { return o.reason.Load() }),
			Do: "wait: the service opens by itself once its stores answer"},
	}})
	metrics := telemetry.New(thisRelease().build()).Handler(o.survey)
	o.operators.show(adminHandler(metrics, waits, false))
	if !publicMetrics {
		metrics = nil
	}
	o.public.show(api.Waiting(waits, metrics, o.reason.Load))
	return o
}

func (o *opening) lookAtDatabase(context.Context) error {
	if reason := o.reason.Load(); reason == errDatabaseAway {
		return reason
	}
	return nil
}

// survey tells the metrics of a database that is waited for.
func (o *opening) survey(context.Context) (s telemetry.Survey) {
	if o.reason.Load() == errDatabaseAway {
		s.Stores = map[string]bool{"database": false}
	}
	return s
}

// open opens everything, and waits for a database that is away; nothing when ctx
// ends before.
func (s *serveCommand) open(ctx context.Context, o *opening) (*rooms, *edge, error) {
	for {
		err := o.reach(ctx)
		if err == nil {
			o.reason.Store(errStarting)
			err = o.try(ctx, s)
		}
		if ctx.Err() != nil {
			return nil, nil, nil
		}
		if err == nil || o.config.DatabaseURL == "" || !comesBack(err) {
			return o.rooms, o.edge, err
		}
		if o.reason.Swap(errDatabaseAway) != errDatabaseAway {
			o.log.Warn("the database is waited for", slog.Any("error", err))
		}
		select {
		case <-time.After(openAgain):
		case <-ctx.Done():
			return nil, nil, nil
		}
	}
}

// reach says whether a database of somebody else's answers.
func (o *opening) reach(ctx context.Context) error {
	if o.config.DatabaseURL == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	return withConn(ctx, o.config.DatabaseURL, func(conn *pgx.Conn) error { return conn.Ping(ctx) })
}

func (o *opening) try(ctx context.Context, s *serveCommand) (err error) {
	r, err := openRooms(ctx, o.config, o.log, false)
	if err != nil {
		return err
	}
	e, err := openEdge(ctx, r, s)
	if err != nil {
		return errors.Join(err, closeRooms(ctx, r))
	}
	o.rooms, o.edge = r, e
	return nil
}

// close ends what was opened.
func (o *opening) close(ctx context.Context) error {
	if o.edge != nil {
		o.edge.logins.close()
	}
	if o.rooms == nil {
		return nil
	}
	return closeRooms(ctx, o.rooms)
}

func closeRooms(ctx context.Context, r *rooms) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	return r.close(ctx)
}

// comesBack says of an error at the start that it may be gone in a moment: the
// database does not answer yet. One that answers that we are not let in, or that it
// has no such database, wants another configuration.
func comesBack(err error) bool {
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok && len(answer.Code) == 5 && (answer.Code[:2] == "28" || answer.Code[:2] == "3D") {
		return false
	}
	return domain.SlugOf(err) == "vault-unreachable" || problem.Outage(err) != nil || errors.Is(err, context.DeadlineExceeded)
}
