package pgrun

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

const (
	// keepPause and keepPauseMost are the waits between two attempts to bring a
	// server back that does not start; each is twice the one before.
	keepPause     = 100 * time.Millisecond
	keepPauseMost = 5 * time.Second
)

// keep brings the server back whenever it ends by itself, however often and for
// as long as it takes: a full disk may be emptied hours later, and until then an
// answer "not now" is worth more than a program that is gone. It returns when
// ctx ends, which is what Stop does first.
func (s *Server) keep(ctx context.Context, o owner, bindir string, args []string) {
	defer close(s.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.process().done:
		}
		if ctx.Err() != nil {
			return
		}
		s.log.Error("the database server is gone and is started again", slog.Any("error", s.process().err))
		s.bringBack(ctx, o, bindir, args)
	}
}

// bringBack tries until the server answers or ctx ends.
func (s *Server) bringBack(ctx context.Context, o owner, bindir string, args []string) {
	for pause := keepPause; ; pause = min(2*pause, keepPauseMost) {
		err := s.startProcess(ctx, o, bindir, args)
		if err == nil || ctx.Err() != nil {
			return
		}
		s.log.Error("the database server does not start", slog.Any("error", err), slog.Duration("again_in", pause))
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// startProcess starts the program and waits until it answers. When it fails it
// leaves no process behind, and the one before in its place.
func (s *Server) startProcess(ctx context.Context, o owner, bindir string, args []string) error {
	if err := awaitPredecessor(ctx, s.layout, s.log); err != nil {
		return err
	}
	p, err := launch(s.layout, s.log, o, bindir, args)
	if err != nil {
		return err
	}
	if err := s.awaitReady(ctx, p); err != nil {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), quitWait)
		defer cancel()
		p.stopping.Store(true) // its end is part of this error, not another one
		return errors.Join(err, p.end(stop))
	}
	s.current.Store(p)
	s.log.Info("database server ready", slog.Int("pid", p.Pid), slog.String("dir", s.layout.data()))
	return nil
}
