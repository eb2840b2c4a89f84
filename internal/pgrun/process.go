package pgrun

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// quitWait bounds the wait after the server was told to end at once.
const quitWait = 5 * time.Second

// process is one life of the server program.
type process struct {
	*os.Process
	log      *slog.Logger
	stopping atomic.Bool
	done     chan struct{} // closed when it has ended, after err is set
	err      error
}

// launch starts the program and the one goroutine that keeps it.
func launch(l layout, log *slog.Logger, o owner, bindir string, args []string) (*process, error) {
	startLog, err := os.OpenFile(l.startLog(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	cmd := command(o, string(l), bindir, "postgres", args...)
	cmd.Stdout, cmd.Stderr = startLog, startLog
	p := &process{log: log, done: make(chan struct{})}
	started := make(chan error, 1)
	go p.supervise(func() error { return hold(cmd, started) })
	if err := <-started; err != nil {
		<-p.done
		return nil, errors.Join(fmt.Errorf("start postgres: %w", err), startLog.Close())
	}
	p.Process = cmd.Process
	if err := startLog.Close(); err != nil { // the server has its own handle
		log.Warn("close the server's start log", slog.Any("error", err))
	}
	return p, nil
}

// supervise waits for the program's end and tells it. end waits for this goroutine.
func (p *process) supervise(live func() error) {
	defer close(p.done)
	err := live()
	if p.stopping.Load() {
		return
	}
	if err == nil {
		err = errors.New("exit status 0")
	}
	p.err = fmt.Errorf("the database server ended by itself: %w", err)
}

// end asks for a fast shutdown, and for an end at once when ctx ends first.
func (p *process) end(ctx context.Context) error {
	select {
	case <-p.done:
		return p.err
	default:
	}
	p.stopping.Store(true)
	// The process may end between these lines; that is what we want anyway.
	ask := func(signal os.Signal) error {
		if err := p.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop the database server: %w", err)
		}
		return nil
	}
	err := ask(syscall.SIGINT)
	select {
	case <-p.done:
		return errors.Join(err, p.err)
	case <-ctx.Done():
		err = errors.Join(err, fmt.Errorf("stop the database server in order: %w", ctx.Err()), ask(syscall.SIGQUIT))
	}
	last := time.NewTimer(quitWait)
	defer last.Stop()
	select {
	case <-p.done:
	case <-last.C:
		err = errors.Join(err, ask(syscall.SIGKILL))
		<-p.done
	}
	p.log.Warn("database server ended without a shutdown", slog.Any("pid", p.Pid))
	return err
}
