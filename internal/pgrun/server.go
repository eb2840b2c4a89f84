package pgrun

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

// quitWait bounds the wait after the server was told to end at once.
const quitWait = 5 * time.Second

// Server is a running private PostgreSQL. All methods may be called at once.
type Server struct {
	layout   layout
	password string
	log      *slog.Logger
	lock     *os.File

	process  *os.Process
	stopping atomic.Bool
	done     chan struct{} // closed when the process has ended, after err is set
	err      error
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
		s.log.Info("database cluster made", "dir", s.layout.data())
	}
	if s.password, err = readPassword(s.layout); err != nil {
		return err
	}
	if err := awaitPredecessor(ctx, s.layout, s.log); err != nil {
		return err
	}
	if err := s.launch(o, bindir, args); err != nil {
		return err
	}
	if err := s.awaitReady(ctx); err != nil {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), quitWait)
		defer cancel()
		s.stopping.Store(true) // its end is part of this error, not another one
		return errors.Join(err, s.end(stop))
	}
	s.log.Info("database server ready", "pid", s.process.Pid, "dir", s.layout.data())
	return nil
}

// launch starts the process and the one goroutine that keeps it.
func (s *Server) launch(o owner, bindir string, args []string) error {
	startLog, err := os.OpenFile(s.layout.startLog(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("open the server's log: %w", err)
	}
	cmd := command(o, string(s.layout), bindir, "postgres", args...)
	cmd.Stdout, cmd.Stderr = startLog, startLog
	started := make(chan error, 1)
	go s.supervise(func() error { return hold(cmd, started) })
	if err := <-started; err != nil {
		<-s.done
		return errors.Join(fmt.Errorf("start postgres: %w", err), startLog.Close())
	}
	s.process = cmd.Process
	if err := startLog.Close(); err != nil { // the server has its own handle
		s.log.Warn("close the server's start log", "error", err)
	}
	return nil
}

// supervise waits for the server's end and tells it. Stop waits for this goroutine.
func (s *Server) supervise(live func() error) {
	defer close(s.done)
	err := live()
	if s.stopping.Load() {
		return
	}
	if err == nil {
		err = errors.New("exit status 0")
	}
	s.err = fmt.Errorf("the database server ended by itself: %w", err)
}

// URL is the connection string of a database, for pgx, over the unix socket. It
// holds the password: never log it.
func (s *Server) URL(database string) string {
	return connection(s.layout, s.password, database)
}

// Dir is the state directory.
func (s *Server) Dir() string { return filepath.Dir(string(s.layout)) }

// PID is the server's process id.
func (s *Server) PID() int { return s.process.Pid }

// Done is closed when the server has ended, asked or not.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err is nil while the server lives and after Stop; after an end that nobody
// asked for it says how the server ended.
func (s *Server) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Stop ends the server by a fast shutdown: open transactions are rolled back,
// the rest is written out. When ctx ends first, the server is told to end at
// once, which costs nothing but a recovery at the next start, and ctx's error
// is returned. After Stop the state directory is free. A second call is
// harmless and has the same answer as Err.
func (s *Server) Stop(ctx context.Context) error {
	err := s.end(ctx)
	if closeErr := s.lock.Close(); closeErr != nil && !errors.Is(closeErr, os.ErrClosed) {
		err = errors.Join(err, fmt.Errorf("free the state directory: %w", closeErr))
	}
	return err
}

func (s *Server) end(ctx context.Context) error {
	select {
	case <-s.done:
		return s.err
	default:
	}
	s.stopping.Store(true)
	// The process may end between these lines; that is what we want anyway.
	ask := func(signal os.Signal) error {
		if err := s.process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop the database server: %w", err)
		}
		return nil
	}
	err := ask(syscall.SIGINT)
	select {
	case <-s.done:
		return errors.Join(err, s.err)
	case <-ctx.Done():
		err = errors.Join(err, fmt.Errorf("stop the database server in order: %w", ctx.Err()), ask(syscall.SIGQUIT))
	}
	last := time.NewTimer(quitWait)
	defer last.Stop()
	select {
	case <-s.done:
	case <-last.C:
		err = errors.Join(err, ask(syscall.SIGKILL))
		<-s.done
	}
	s.log.Warn("database server ended without a shutdown", "pid", s.process.Pid)
	return err
}
