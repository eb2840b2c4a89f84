package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/logwatch"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// adoptCommand goes on with the log that the event store holds, though it is not
// the one that the read models were made of. It works beside a running product, and
// goes on where it was when it is broken off.
type adoptCommand struct {
	Yes bool `help:"Adopt without asking."`
}

// adopted is what adopt prints.
type adopted struct {
	Adopted bool   `json:"adopted"`
	State   string `json:"state"` // of the log before: same, older, empty, other
	Log     string `json:"log,omitempty"`
	// AgreedUpTo is up to which position the log is the one that the read models knew.
	AgreedUpTo uint64 `json:"agreed_up_to"`
	// Lost are the events that the read models knew and the log does not have.
	Lost           int64 `json:"lost_events"`
	ReadModels     int   `json:"read_models_made_anew"`
	SkipsForgotten int   `json:"skips_forgotten,omitempty"`
}

// Run adopts and prints one JSON line.
func (a adoptCommand) Run(ctx context.Context, c *Config, term terminal) error {
	return withLedger(ctx, c, term, func(r *rooms) error {
		return r.book.AdoptAlone(ctx, func() error { return a.run(ctx, r, term) })
	})
}

func (a adoptCommand) run(ctx context.Context, r *rooms, term terminal) error {
	found, err := r.logs.Look(ctx)
	if err != nil {
		return err
	}
	done := adopted{State: string(found.State)}
	log, begun := r.adoption(found)
	switch {
	case found.State == logwatch.Same && !begun:
		fmt.Fprintln(term.err, "The event store holds the log of the read models: there is nothing to adopt.")
		return json.NewEncoder(term.out).Encode(done)
	case begun:
		fmt.Fprintln(term.err, "An adoption of this log was broken off: it goes on.")
	default:
		if log, err = a.begin(ctx, r, found, term); err != nil {
			return err
		}
	}
	if err := r.adopt(ctx, &done, term); err != nil {
		return err
	}
	done.Adopted, done.AgreedUpTo, done.Lost = true, log.Agreed, log.Lost
	lineage, err := r.book.Lineage(ctx)
	if err != nil {
		return err
	}
	done.Log = lineage[len(lineage)-1].ID
	return json.NewEncoder(term.out).Encode(done)
}

// adoption gives the adoption of this log that was begun and has not ended.
func (r *rooms) adoption(found logwatch.Finding) (logwatch.Identity, bool) {
	lineage := r.logs.Lineage()
	if len(lineage) == 0 {
		return logwatch.Identity{}, false
	}
	last := lineage[len(lineage)-1]
	return last, !last.Adopted && (found.State == logwatch.Same || last.First.ID == found.First.ID)
}

// begin says what will be lost, asks, and takes the log for the database's.
func (a adoptCommand) begin(ctx context.Context, r *rooms, found logwatch.Finding, term terminal) (logwatch.Identity, error) {
	none := logwatch.Identity{}
	agreed, err := logwatch.Agreed(ctx, askedLog{r.events}, func(ctx context.Context, upTo uint64) (logwatch.Place, bool, error) {
		at, event, ok, err := audittrail.LastUpTo(ctx, r.pool, upTo)
		return logwatch.Place{Commit: at, Prepare: at, ID: string(event)}, ok, err
	})
	if err != nil {
		return none, err
	}
	counts, err := audittrail.CountAfter(ctx, r.pool, agreed)
	if err != nil {
		return none, err
	}
	lost := int64(0)
	fmt.Fprintf(term.err, "%s.\nThe two are the same up to position %d.\n", found.Detail(), agreed)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		lost += counts[name]
		fmt.Fprintf(term.err, "%8d  %s\n", counts[name], name)
	}
	fmt.Fprintf(term.err, "%8d  events that the read models know are not in this log. After the adoption no page shows them any more.\n"+
		"If another event store still has them, put it back instead: then nothing needs to be adopted.\n", lost)
	if err := a.ask(term); err != nil {
		return none, err
	}
	if err := r.book.Adopt(ctx, found.First, agreed, lost, clock.Now()); err != nil {
		return none, err
	}
	return logwatch.Identity{Agreed: agreed, Lost: lost}, nil
}

// errNotAdopted ends an adoption that nobody has agreed to.
var errNotAdopted = errors.New("nothing was changed: --yes adopts without asking")

// ask waits for the word.
func (a adoptCommand) ask(term terminal) error {
	if a.Yes {
		return nil
	}
	fmt.Fprint(term.err, "Type adopt to go on with this log: ")
	answer, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if strings.TrimSpace(answer) != "adopt" {
		return &exitError{exitUsage, errors.Join(errNotAdopted, err)}
	}
	return nil
}

// adopt makes every read model anew that is of another log.
func (r *rooms) adopt(ctx context.Context, done *adopted, term terminal) (err error) {
	if done.SkipsForgotten, err = r.engine.PlaceSkips(ctx, r.placeOf); err != nil {
		return err
	}
	head, err := r.events.Head(ctx)
	if err != nil {
		return err
	}
	for _, name := range r.engine.Names() {
		right, err := r.ofThisLog(ctx, engine.Schema, name)
		if err != nil {
			return err
		}
		if right {
			continue
		}
		p := newProgress(term.err)
		err = r.beside(ctx, name, engine.Next, func(b *engine.Beside) error {
			return b.Adopt(ctx, r.readFacts, head, func(facts int) { p.report(facts, 0, "adopt "+name) })
		})
		if err != nil {
			return fmt.Errorf("adopt the log for %s: %w", name, err)
		}
		done.ReadModels++
	}
	return r.book.AdoptionEnds(ctx)
}

// placeOf finds a fact in the log.
func (r *rooms) placeOf(ctx context.Context, stream string, revision uint64, id domain.EventID) (uint64, bool, error) {
	found, err := r.events.ReadStream(ctx, stream, revision, 1)
	if err != nil || len(found) == 0 || found[0].Revision != revision || found[0].ID != id {
		return 0, false, err
	}
	return found[0].Position, true, nil
}

// ofThisLog says whether an edition of a read model was made of the log that the
// event store holds; so is one without a fact. One whose event nobody has noted is not
// taken for such.
func (r *rooms) ofThisLog(ctx context.Context, edition, name string) (bool, error) {
	marks, err := engine.Marks(ctx, r.pool, edition, []string{name})
	if err != nil || len(marks) == 0 {
		return err == nil, err
	}
	if marks[0].Event == "" {
		return false, nil
	}
	found, err := logwatch.Look(ctx, askedLog{r.events}, logwatch.Known{Marks: placesOf(marks)})
	return found.State == logwatch.Same, err
}
