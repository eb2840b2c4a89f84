package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// TestTheDemonstrationRidesOutAnOutageOfItsStores kills the database, and with it the
// event store on it, while the city is being invented.
func TestTheDemonstrationRidesOutAnOutageOfItsStores(t *testing.T) {
	p := serve(t, stateDir(t), "--demo", "--people", "60")
	p.ready()
	begun := func(facts int) {
		t.Helper()
		eventually(t, "facts of the demonstration", time.Minute, func() error {
			rows := p.query(`select pos from eventstore.events order by pos desc limit 1`)
			defer rows.Close()
			var head int
			if rows.Next() {
				if err := rows.Scan(&head); err != nil {
					return err
				}
			}
			if head < facts {
				return fmt.Errorf("%d events", head)
			}
			return rows.Err()
		})
	}
	begun(200)
	before := p.postmaster()
	if err := syscall.Kill(before, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p.backAgain(before)
	p.seeded()
	p.stop()
}

// TestNothingThatGoesWrongWithTheDemonstrationEndsTheService: not even what is no
// outage, such as an event store that served an older state for a moment.
func TestNothingThatGoesWrongWithTheDemonstrationEndsTheService(t *testing.T) {
	silent := slog.New(slog.DiscardHandler)
	troubles := []error{domain.Missing("report-unknown", "no such report"), &domain.Error{Kind: domain.Unavailable, Slug: "event-store-has-no-leader"}, nil}
	tries := 0
	done := untilDone(t.Context(), silent, func() error { tries++; return troubles[tries-1] })
	if !done || tries != len(troubles) {
		t.Errorf("done: %t, after %d tries", done, tries)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if untilDone(ctx, silent, func() error { cancel(); return errors.New("stopped") }) {
		t.Error("a demonstration that was stopped counts as complete")
	}
}
