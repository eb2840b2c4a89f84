package logwatch

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
)

// Place is where an event is in the log, and which one.
type Place struct {
	Commit, Prepare uint64
	ID              string // "" while nobody has noted it
}

// noted says that the place can be compared.
func (p Place) noted() bool { return p.ID != "" }

// Known is what the database knows of its log.
type Known struct {
	First Place   // of the ledger's events; not noted in a new database
	Marks []Place // at the checkpoints of the read models, in any order
}

// Log is what is asked of the event store.
type Log interface {
	// At gives the id of the event at a place; not ok when no event is there.
	At(ctx context.Context, commit, prepare uint64) (id string, ok bool, err error)
	// First gives the place of the ledger's first event; not ok when it has none.
	First(ctx context.Context) (first Place, ok bool, err error)
	// End gives the commit position of the ledger's last event, 0 for none.
	End(ctx context.Context) (uint64, error)
}

// State is how the log stands to the database.
type State string

const (
	// Unknown: nobody has looked yet.
	Unknown State = ""
	// Same is the log of the read models, or a later state of it.
	Same State = "same"
	// Older is an earlier state of it: the read models have seen events that it lacks.
	Older State = "older"
	// Empty has no event of a ledger, and the read models have seen some.
	Empty State = "empty"
	// Other is another ledger's, or went another way since an earlier state.
	Other State = "other"
)

// States lists the states that a look can find.
var States = []State{Same, Older, Empty, Other}

// Finding is what a look has found.
type Finding struct {
	State State
	// Missing is the furthest place whose event the log does not have; zero when Same.
	Missing Place
	// End of the log; only when not Same.
	End uint64
	// First event of the log as it is; not noted when Empty, or when Same and unknown.
	First Place
}

// Detail says it in a sentence for operators.
func (f Finding) Detail() string {
	switch f.State {
	case Same:
		return "the event store holds the log of the read models"
	case Older:
		return fmt.Sprintf("the event store's log is older than the read models: it ends at %d, and they have seen the event %s at %d", f.End, f.Missing.ID, f.Missing.Commit)
	case Empty:
		return fmt.Sprintf("the event store's log is empty, and the read models have seen the event %s at %d", f.Missing.ID, f.Missing.Commit)
	case Other:
		return fmt.Sprintf("the event store's log is not that of the read models: it does not have the event %s at %d, though it ends at %d", f.Missing.ID, f.Missing.Commit, f.End)
	}
	return "the event store's log has not been looked at yet"
}

// Look compares. It asks for the first event and for one event for each different
// checkpoint, side by side, as a store may be slow; more only when one of them is not
// there. Of a checkpoint whose event nobody has noted it is only asked that there is one.
func Look(ctx context.Context, log Log, known Known) (Finding, error) {
	var missing []Place
	var fault error
	var mu sync.Mutex
	var asking sync.WaitGroup
	asked := map[Place]bool{}
	for _, mark := range append([]Place{known.First}, known.Marks...) {
		if mark.Commit == 0 && !mark.noted() || asked[mark] {
			continue
		}
		asked[mark] = true
		asking.Go(func() {
			id, ok, err := log.At(ctx, mark.Commit, mark.Prepare)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				fault = err
			case !ok || mark.noted() && id != mark.ID:
				missing = append(missing, mark)
			}
		})
	}
	asking.Wait()
	if fault != nil {
		return Finding{}, fault
	}
	if len(missing) == 0 {
		return Finding{State: Same, First: known.First}, nil
	}
	return differs(ctx, log, known, slices.MaxFunc(missing, func(a, b Place) int { return cmp.Compare(a.Commit, b.Commit) }))
}

// differs says in which way.
func differs(ctx context.Context, log Log, known Known, missing Place) (f Finding, err error) {
	f = Finding{State: Other, Missing: missing}
	var filled bool
	if f.First, filled, err = log.First(ctx); err != nil {
		return Finding{}, err
	}
	if f.End, err = log.End(ctx); err != nil {
		return Finding{}, err
	}
	switch {
	case !filled:
		f.State = Empty
	case f.First.ID == known.First.ID && f.End < missing.Commit:
		f.State = Older
	}
	return f, nil
}
