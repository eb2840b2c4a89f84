package pgrun

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
)

// Server is a running private PostgreSQL. All methods may be called at once.
type Server struct {
	layout   layout
	password string
	log      *slog.Logger
	lock     *os.File

	current atomic.Pointer[process]
	leave   context.CancelFunc // ends keep
	done    chan struct{}      // closed when nobody keeps the server any more
}

// Start runs the cluster of a state directory, and makes it first when there is
// none. It returns when the server answers; ctx bounds only this start, not the
// server's life. It fails with *InUseError when another program holds the
// directory and with *NoProgramsError when the server is not installed.
func Start(ctx context.Context, opts Options) (*Server, error) {
	l, err := newLayout(opts.Dir)
	if err != nil {
		return nil, err
	}
	args, err := serverArgs(l, opts)
	if err != nil {
		return nil, err
	}
	s := &Server{layout: l, log: opts.Log, done: make(chan struct{})}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	o, err := clusterOwner(l.data())
	if err != nil {
		return nil, err
	}
	if err := l.makeDirs(o); err != nil {
		return nil, err
	}
	if s.lock, err = takeLock(l); err != nil {
		return nil, err
	}
	if err := s.start(ctx, o, opts, args); err != nil {
		return nil, errors.Join(err, s.lock.Close())
	}
	return s, nil
}

// start does what needs the lock, and leaves no process behind when it fails.
func (s *Server) start(ctx context.Context, o owner, opts Options, args []string) error {
	cluster, err := clusterVersion(s.layout.data())
	if err != nil {
		return err
	}
	bindir, err := choosePrograms(opts.BinDir, cluster)
	if err != nil {
		return err
	}
	if cluster == 0 {
		if err := makeCluster(ctx, s.layout, o, bindir, opts.NoSync); err != nil {
			return err
		}
		s.log.Info("database cluster made", slog.Any("dir", s.layout.data()))
	}
	if s.password, err = readPassword(s.layout); err != nil {
		return err
	}
	if err := s.startProcess(ctx, o, bindir, args); err != nil {
		return err
	}
	kept, leave := context.WithCancel(context.WithoutCancel(ctx))
	s.leave = leave
	if opts.KeepUp {
		go s.keep(kept, o, bindir, args)
	} else {
		go s.watch(kept)
	}
	return nil
}

// watch is keep for who wants to hear of the end instead.
func (s *Server) watch(ctx context.Context) {
	defer close(s.done)
	select {
	case <-ctx.Done():
	case <-s.process().done:
	}
}

func (s *Server) process() *process { return s.current.Load() }

// URL is the connection string of a database, for pgx, over the unix socket. It
// holds the password: never log it. It stays the same for the server's life.
func (s *Server) URL(database string) string {
	return connection(s.layout, s.password, database)
}

// Dir is the state directory.
func (s *Server) Dir() string { return filepath.Dir(string(s.layout)) }

// PID is the process id of the server, or of the last one while it is away.
func (s *Server) PID() int { return s.process().Pid }

// Done is closed when the server has ended for good: after Stop, or by itself
// without Options.KeepUp.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err is nil while the server lives or is brought back, and after Stop; after an
// end that nobody asked for it says how the server ended.
func (s *Server) Err() error {
	select {
	case <-s.done:
	default:
		return nil
	}
	select {
	case <-s.process().done:
		return s.process().err
	default:
		return nil // Stop is at work
	}
}

// Stop ends the server by a fast shutdown: open transactions are rolled back,
// the rest is written out. When ctx ends first, the server is told to end at
// once, which costs nothing but a recovery at the next start, and ctx's error
// is returned. After Stop the state directory is free. A second call is
// harmless and has the same answer as Err.
func (s *Server) Stop(ctx context.Context) error {
	s.leave()
	<-s.done // nobody starts another one now
	err := s.process().end(ctx)
	if closeErr := s.lock.Close(); closeErr != nil && !errors.Is(closeErr, os.ErrClosed) {
		err = errors.Join(err, fmt.Errorf("free the state directory: %w", closeErr))
	}
	return err
}
