package pgrun

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// readyWait bounds a start: replaying max_wal_size (2 GB) after a crash
	// takes a minute or two on a slow disk.
	readyWait = 5 * time.Minute
	// lastLinesBytes and lastLinesCount bound what an error quotes of a log.
	lastLinesBytes = 2048
	lastLinesCount = 4
)

// awaitReady returns when the server lets us in, has ended, or will never let us in.
func (s *Server) awaitReady(ctx context.Context, p *process) error {
	ctx, cancel := context.WithTimeout(ctx, readyWait)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		// Class 28 is a wrong password: waiting does not mend it.
		if answer, ok := errors.AsType[*pgconn.PgError](err); ok && strings.HasPrefix(answer.Code, "28") {
			return fmt.Errorf("enter the database with the password in %s: %w", s.layout.password(), err)
		}
		select {
		case <-p.done:
			return fmt.Errorf("start postgres: %s (more in %s)", s.lastWords(), s.layout.log())
		case <-ctx.Done():
			return fmt.Errorf("wait for postgres to answer: %w: %s (more in %s)", ctx.Err(), s.lastWords(), s.layout.log())
		case <-tick.C:
		}
	}
}

func (s *Server) lastWords() string {
	text, err := os.ReadFile(s.layout.startLog())
	if err != nil {
		return err.Error()
	}
	return lastLines(text)
}

// lastLines is the end of a program's output, on one line.
func lastLines(text []byte) string {
	text = bytes.TrimSpace(text[max(0, len(text)-lastLinesBytes):])
	lines := strings.Split(string(text), "\n")
	return strings.Join(lines[max(0, len(lines)-lastLinesCount):], "; ")
}
