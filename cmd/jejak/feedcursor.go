package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/jejak-kinerja/jejak/internal/backup"
)

// feedCommand is about readers of the event feed.
type feedCommand struct {
	Cursor cursorCommand `cmd:"" help:"Find the place in this log after which a reader of the feed goes on, when its position is one of another log: after a move to another event store."`
}

// cursorCommand finds a reader's place in the present log.
type cursorCommand struct {
	Event    string `xor:"how" required:"" help:"CloudEvents id of the last event that the reader has."`
	Backup   string `xor:"how" required:"" type:"path" help:"Directory of the backup by which the ledger was moved; with --position."`
	Position uint64 `help:"Position that the reader has of the log that was backed up."`
}

// Validate refuses a backup without a position.
func (c *cursorCommand) Validate() error {
	if (c.Backup == "") != (c.Position == 0) {
		return errors.New("--backup and --position belong together")
	}
	return nil
}

// cursor is what feed cursor prints.
type cursor struct {
	Position uint64 `json:"position"` // ask with ?after= or Last-Event-ID
}

// Run finds the position and prints one JSON line.
func (c *cursorCommand) Run(ctx context.Context, config *Config, term terminal) error {
	return withLedger(ctx, config, term, func(r *rooms) (err error) {
		var found cursor
		if c.Event != "" {
			found.Position, err = r.cursorOf(ctx, c.Event, term)
		} else {
			found.Position, err = r.cursorBy(ctx, c.Backup, c.Position)
		}
		if err != nil {
			return err
		}
		return json.NewEncoder(term.out).Encode(found)
	})
}

// cursorOf looks for an event from the end of the log on.
func (r *rooms) cursorOf(ctx context.Context, id string, term terminal) (uint64, error) {
	p := newProgress(term.err)
	position, ok, err := r.events.FindEvent(ctx, id, math.MaxInt, func(n int) { p.report(n, n+1, "look for the event") })
	if err == nil && !ok {
		err = fmt.Errorf("this log has no event %s", id)
	}
	return position, err
}

// cursorBy gives the place before the first event that the reader has not seen.
// What it has seen of a stream is told by the backup. Should the order over streams
// not have been kept, the reader meets some events again, and misses none.
func (r *rooms) cursorBy(ctx context.Context, dir string, position uint64) (uint64, error) {
	b, err := backup.Open(dir)
	if err != nil {
		return 0, ofBackup(err)
	}
	if head := b.Head().Commit; position > head {
		return 0, fmt.Errorf("the backup in %s ends at position %d, before %d: it is older than that reader, or of another log", dir, head, position)
	}
	seen := map[string]uint64{} // events of each stream
	for e, err := range b.Read() {
		if err != nil {
			return 0, ofBackup(err)
		}
		if e.Position > position {
			break
		}
		seen[e.Stream] = e.Revision + 1
	}
	last := uint64(0)
	for entries, err := range r.events.Pages(ctx, 0) {
		if err != nil {
			return 0, err
		}
		for _, e := range entries {
			if e.Revision >= seen[e.Stream] {
				return last, nil
			}
			last = e.Position
		}
	}
	return last, nil
}
