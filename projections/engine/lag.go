package engine

import (
	"context"
	"sync/atomic"
	"time"
)

// Lag is how far a read model is behind the log.
type Lag struct {
	// Standing is the last known one when the database could not be asked.
	Standing
	// Known: database and log have just been asked, and the log holds the event at
	// the model's position. If not, Age grows on from what was known last.
	Known bool
	// Measured: there is an Age. There is none before the first time it was known.
	Measured bool
	// Age of the oldest fact of the log that the model does not show; 0 only when it
	// is known to show all.
	Age time.Duration
	// Behind is how many facts of the log it does not show; Unknown unless counted.
	Behind Count
}

// Sight is what one look saw.
type Sight struct {
	// Models of this version of the program; those never seen are left out.
	Models []Lag
	// Database and Log say why they could not be asked; nil when they answered.
	Database, Log error
}

// Of gives the lag of one model; ok is false when it was never seen.
func (s Sight) Of(projection string) (lag Lag, ok bool) {
	for _, l := range s.Models {
		if l.Projection == projection {
			return l, true
		}
	}
	return Lag{}, false
}

// storeLimit is how long database and log may each take to answer: one that stands
// still must not keep the other's figures from being told.
const storeLimit = 2 * time.Second

// Watch measures how far read models are behind the log: by the positions in the
// database and by what the log holds beyond them, not by what those who follow the
// log believe. So it tells of a model that stands still, of one that nobody writes,
// and of a subscription that hears nothing. Safe for concurrent use.
type Watch struct {
	db     Querier
	names  []string
	beyond LookBeyond
	now    func() time.Time

	begun atomic.Uint64 // looks
	turn  chan struct{} // what follows is for who has the turn
	sight Sight
	known map[string]known
}

// NewWatch watches the projections of these names.
func NewWatch(db Querier, names []string, beyond LookBeyond, now func() time.Time) *Watch {
	return &Watch{db: db, names: names, beyond: beyond, now: now, turn: make(chan struct{}, 1), known: map[string]known{}}
}

// Look asks database and log; it takes four seconds at most. Those who ask while
// somebody looks share the next look.
func (w *Watch) Look(ctx context.Context) Sight {
	before := w.begun.Load()
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return Sight{Database: ctx.Err(), Log: ctx.Err()}
	}
	if w.begun.Load() == before { // else the last look began after we asked
		w.begun.Add(1)
		w.sight = w.look(ctx)
	}
	return w.sight
}

func (w *Watch) look(ctx context.Context) Sight {
	standings, err := w.standings(ctx)
	log := ask(ctx, w.beyond, standings)
	now, sight := w.now(), Sight{Database: err, Log: log.away}
	for _, name := range w.names {
		memory, lag := w.known[name], Lag{Behind: Unknown}
		standing, there := standings[name]
		if there {
			memory.standing = standing
		}
		if found, answered := log.found[standing.Position]; there && answered && !found.Missing {
			memory.learn(found, now)
			lag.Known, lag.Behind = true, log.behind(standing)
		}
		if memory.standing.Projection == "" {
			continue
		}
		w.known[name] = memory
		lag.Standing, lag.Measured = memory.standing, !memory.at.IsZero()
		if lag.Measured {
			lag.Age = memory.age(now)
		}
		sight.Models = append(sight.Models, lag)
	}
	return sight
}

func (w *Watch) standings(ctx context.Context) (map[string]Standing, error) {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	list, err := Standings(ctx, w.db)
	standings := map[string]Standing{}
	for _, s := range list {
		standings[s.Projection] = s
	}
	return standings, err
}

// known is what a look once knew of a model.
type known struct {
	standing Standing
	at       time.Time // of the last look that knew how far it was behind; zero for never
	first    uint64    // the oldest fact that it did not show then; 0 for none
	since    time.Time // that fact was stored, or was first missed, whichever is earlier
}

func (k *known) learn(found Beyond, now time.Time) {
	if k.at = now; found.First == 0 {
		k.first = 0
		return
	}
	if k.first != found.First { // else it is still the same that is missed
		k.first, k.since = found.First, now
	}
	if found.StoredAt.Before(k.since) { // the store's clock may be ahead of ours
		k.since = found.StoredAt
	}
}

// age is how old the oldest fact is that is not shown, or may not be. The clock may
// have been set back: what is missing is never of age 0.
func (k *known) age(now time.Time) time.Duration {
	switch {
	case k.first > 0:
		return max(now.Sub(k.since), time.Millisecond)
	case k.at.Equal(now):
		return 0
	}
	return max(now.Sub(k.at), time.Millisecond)
}
