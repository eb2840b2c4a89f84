package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/user"
	"slices"
	"time"

	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// parkedCommand looks after streams whose facts a read model cannot take.
type parkedCommand struct {
	List   parkedList   `cmd:"" help:"Show the parked streams; exit code 6 when there are any."`
	Show   parkedShow   `cmd:"" help:"Show one parked stream, or what has been skipped in it."`
	Replay parkedReplay `cmd:"" help:"Apply a parked stream's facts again, after the fault is mended."`
	Skip   parkedSkip   `cmd:"" help:"Leave the fact that parked a stream out of the read model for good."`
}

// parkedTarget names a stream in a read model.
type parkedTarget struct {
	Projection string `arg:"" help:"Name of the read model."`
	Stream     string `arg:"" help:"Name of the stream."`
}

type parkedList struct{ listFlag }

// Run lists what is parked, oldest first.
func (p parkedList) Run(ctx context.Context, c *Config, term terminal) error {
	return withDatabase(ctx, c, term, func(r *rooms) error {
		parked, err := r.engine.Parked(ctx)
		if err != nil {
			return err
		}
		if err := list(term, p.listFlag, parked, parkedTable, func(k engine.Parking) any { return parkingLine(k) }); err != nil {
			return err
		}
		if len(parked) > 0 {
			return &exitError{exitPartly, fmt.Errorf("%d streams are parked", len(parked))}
		}
		return nil
	})
}

var parkedTable = table[engine.Parking]{
	[]string{"READ MODEL", "STREAM", "POSITION", "WAITING", "SINCE", "REASON"},
	func(p engine.Parking) []any {
		return []any{p.Projection, p.Stream, p.Position, p.Waiting, p.Since, p.Reason}
	},
}

func parkingLine(p engine.Parking) map[string]any {
	return map[string]any{"projection": p.Projection, "stream": p.Stream, "position": p.Position, "revision": p.Revision,
		"event_id": p.Event, "event_name": p.Name, "error": p.Reason, "since": p.Since, "waiting": p.Waiting}
}

type parkedShow struct {
	parkedTarget
	listFlag
}

// Run shows the parking, if there is one, and the skips of the stream.
func (p parkedShow) Run(ctx context.Context, c *Config, term terminal) error {
	return withDatabase(ctx, c, term, func(r *rooms) error {
		parked, err := r.engine.Parked(ctx)
		if err != nil {
			return err
		}
		skipped, err := r.engine.Skipped(ctx)
		if err != nil {
			return err
		}
		var found []parkedFact
		for _, k := range parked {
			found = append(found, parkedFact{Skipping: engine.Skipping{Parking: k}, state: "parked"})
		}
		for _, k := range skipped {
			found = append(found, parkedFact{Skipping: k, state: "skipped"})
		}
		found = slices.DeleteFunc(found, func(f parkedFact) bool { return f.Projection != p.Projection || f.Stream != p.Stream })
		if len(found) == 0 {
			return fmt.Errorf("the stream %s is neither parked in %s, nor was anything of it skipped", p.Stream, p.Projection)
		}
		return list(term, p.listFlag, found, parkedFactTable, parkedFact.line)
	})
}

// parkedFact is one that parks its stream, or one that was skipped.
type parkedFact struct {
	engine.Skipping // without a decision while it is parked
	state           string
}

var parkedFactTable = table[parkedFact]{
	[]string{"STATE", "POSITION", "EVENT", "SINCE", "FAULT", "DECIDED BY", "AT", "REASON"},
	func(f parkedFact) []any {
		var at *time.Time
		if !f.At.IsZero() {
			at = &f.At
		}
		return []any{f.state, f.Position, f.Name, f.Since, f.Parking.Reason, f.By, at, f.Reason}
	},
}

func (f parkedFact) line() any {
	line := parkingLine(f.Parking)
	line["state"] = f.state
	if !f.At.IsZero() {
		delete(line, "waiting")
		line["skipped_by"], line["skipped_at"], line["skip_reason"] = f.By, f.At, f.Reason
	}
	return line
}

type parkedReplay struct{ parkedTarget }

// Run replays; when a fact still fails, nothing changes and it is named.
func (p parkedReplay) Run(ctx context.Context, c *Config, term terminal) error {
	return withLedger(ctx, c, term, func(r *rooms) error {
		if err := r.engine.Replay(ctx, p.Projection, p.Stream, r.loadFacts); err != nil {
			return err
		}
		return json.NewEncoder(term.out).Encode(map[string]any{"projection": p.Projection, "stream": p.Stream, "replayed": true})
	})
}

type parkedSkip struct {
	parkedTarget
	Reason string `required:"" help:"Why, for those who look later."`
	By     string `help:"Who decides it (default: the name of your account on this machine)."`
}

// Run skips one fact.
func (p parkedSkip) Run(ctx context.Context, c *Config, term terminal) error {
	if p.By == "" {
		account, err := user.Current()
		if err != nil {
			return &exitError{exitUsage, errors.New("it is not known who you are: say it with --by")}
		}
		p.By = account.Username
	}
	return withLedger(ctx, c, term, func(r *rooms) error {
		again, err := r.engine.Skip(ctx, p.Projection, p.Stream, p.By, p.Reason, r.loadFacts)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(term.out).Encode(map[string]any{"projection": p.Projection, "stream": p.Stream, "skipped": true, "parked_again": again}); err != nil {
			return err
		}
		if again {
			return &exitError{exitPartly, errors.New("a later fact of the stream fails, too, and has parked it again")}
		}
		return nil
	})
}

// loadFacts gives a stream's facts, those that cannot be decoded included.
func (r *rooms) loadFacts(ctx context.Context, stream string) ([]engine.Fact, error) {
	entries, err := r.events.ReadStream(ctx, stream, 0, eventlog.MaxStreamEvents)
	return factsOf(entries), err
}
