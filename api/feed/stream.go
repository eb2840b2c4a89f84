package feed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"
)

// retryMilliseconds is what we ask of a reader that was cut.
const retryMilliseconds = 3000

// writer sends one reader's Server-Sent Events.
type writer struct {
	d     Deps
	w     http.ResponseWriter
	c     *http.ResponseController
	asked request
	// at is the position up to which everything was looked at; told is the
	// position the reader knows.
	at, told uint64
}

// counted is stream, with its reader counted.
func (d Deps) counted(w http.ResponseWriter, r *http.Request, asked request) error {
	if d.Streams == nil {
		return d.stream(w, r, asked)
	}
	d.Streams.Opened()
	defer d.Streams.Closed()
	err := d.stream(w, r, asked)
	if errors.Is(err, errBehind) || errors.Is(err, os.ErrDeadlineExceeded) {
		d.Streams.Cut()
	}
	return err
}

// stream sends events until the reader goes, is cut, or has been here for its lifetime.
func (d Deps) stream(w http.ResponseWriter, r *http.Request, asked request) error {
	ctx, cancel := context.WithTimeout(r.Context(), lifetime)
	defer cancel()
	err := d.send(ctx, w, asked)
	if ctx.Err() != nil && r.Context().Err() == nil {
		return nil // its time is over: it comes back, and its rights are looked at again
	}
	return err
}

func (d Deps) send(ctx context.Context, w http.ResponseWriter, asked request) error {
	s := &writer{d: d, w: w, c: http.NewResponseController(w), asked: asked, at: asked.after, told: asked.after}
	if err := s.c.SetReadDeadline(time.Time{}); err != nil { // the server's limit is for requests, not for a reader who stays
		return fmt.Errorf("keep the connection open: %w", err)
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	if err := s.say("retry: %d\n\n", retryMilliseconds); err != nil {
		return err
	}
	if err := s.catchUp(ctx); err != nil {
		return err
	}
	if err := s.say("event: caught-up\nid: %s\ndata: {\"position\":\"%d\"}\n\n", s.d.lastID(s.at), s.at); err != nil {
		return err
	}
	s.told = s.at
	return s.follow(ctx)
}

// catchUp reads the log in pages until the tail takes over.
func (s *writer) catchUp(ctx context.Context) error {
	for {
		page, err := s.d.Source.ReadAll(ctx, s.at, pageEvents)
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		if err := s.send(page); err != nil {
			return err
		}
		if len(page) == pageEvents {
			continue
		}
		g := s.d.Tail.after(s.at)
		if g.covered || g.stopped {
			return nil
		}
		if err := s.pause(ctx, g.grown); err != nil { // the tail does not run yet, or was ahead of this page
			return err
		}
	}
}

// follow sends what is new from the ring.
func (s *writer) follow(ctx context.Context) error {
	for {
		g := s.d.Tail.after(s.at)
		switch {
		case g.stopped, g.paused:
			return s.say("event: closing\ndata: {}\n\n") // come back, here or to another replica
		case !g.covered:
			return errBehind
		case len(g.entries) > 0:
			if err := s.send(g.entries); err != nil {
				return err
			}
			continue
		}
		if err := s.pause(ctx, g.grown); err != nil {
			return err
		}
	}
}

// pause waits for the log to grow, and breaks the silence.
func (s *writer) pause(ctx context.Context, grown <-chan struct{}) error {
	beat := time.NewTimer(s.d.Heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-grown:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-beat.C:
			if err := s.beat(); err != nil {
				return err
			}
			beat.Reset(s.d.Heartbeat)
		}
	}
}

// beat is a comment; when events were passed over by the filter it also moves the
// reader's id on, so that a resumption does not look at them again.
func (s *writer) beat() error {
	if s.told == s.at {
		return s.say(":\n\n")
	}
	s.told = s.at
	return s.say("id: %s\n\n", s.d.lastID(s.at))
}

func (s *writer) send(entries []Entry) error {
	for _, e := range entries {
		if s.asked.takes(e) {
			line, err := encode(e, s.d.BaseURL)
			if err != nil {
				return err
			}
			if err := s.write("id: %s\nevent: %s%s\ndata: %s\n\n", s.d.lastID(e.Position), TypePrefix, e.Name, line); err != nil {
				return err
			}
			s.told = e.Position
		}
		s.at = e.Position
	}
	return s.flush()
}

func (s *writer) say(format string, args ...any) error {
	if err := s.write(format, args...); err != nil {
		return err
	}
	return s.flush()
}

// write fails when the reader takes nothing for too long.
func (s *writer) write(format string, args ...any) error {
	if err := s.c.SetWriteDeadline(s.d.Clock().Add(patience)); err != nil {
		return fmt.Errorf("set a deadline: %w", err)
	}
	_, err := fmt.Fprintf(s.w, format, args...)
	return err
}

func (s *writer) flush() error { return s.c.Flush() }
