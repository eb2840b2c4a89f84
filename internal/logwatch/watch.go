package logwatch

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

// DefaultEvery is how often the log is looked at, besides at every start of a
// subscription and whenever somebody asks.
const DefaultEvery = time.Minute

// Options say what a Watch looks at. Log, Book, Marks, Note and Read are required.
type Options struct {
	Log  Log
	Book *Book
	// Marks gives the checkpoints of the read models that have a fact; without an id
	// where an older version of the program moved them.
	Marks func(context.Context) ([]Place, error)
	// Note gives such checkpoints at a position the id that the log has there.
	Note func(ctx context.Context, position uint64, id string) error
	// Read gives the events of the whole log strictly after a place, none at the end.
	Read func(ctx context.Context, after Place) ([]Event, error)
	// Found hears of every change of what is found, before Look returns.
	Found  func(Finding)
	Every  time.Duration // DefaultEvery when 0
	Clock  clock.Clock   // clock.Now when nil
	Logger *slog.Logger  // slog.Default when nil
}

// Watch looks again and again. Safe for concurrent use.
type Watch struct {
	options Options
	ask     chan struct{}
	looking sync.Mutex // one look at a time

	mu      sync.Mutex
	found   Finding
	lineage []Identity
	changed chan struct{} // closed when the log is another one, or found to be another one
}

// New makes a Watch that has not looked yet.
func New(o Options) *Watch {
	if o.Every == 0 {
		o.Every = DefaultEvery
	}
	if o.Clock == nil {
		o.Clock = clock.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return &Watch{options: o, ask: make(chan struct{}, 1), changed: make(chan struct{})}
}

// Run looks and searches until ctx ends.
func (w *Watch) Run(ctx context.Context) {
	tick := time.NewTicker(w.options.Every)
	defer tick.Stop()
	for {
		if err := w.once(ctx); err != nil && ctx.Err() == nil {
			w.options.Logger.WarnContext(ctx, "whether the event store holds the right log is not known", slog.Any("error", err))
		}
		select {
		case <-tick.C:
		case <-w.ask:
		case <-ctx.Done():
			return
		}
	}
}

func (w *Watch) once(ctx context.Context) error {
	found, err := w.Look(ctx)
	if err != nil || found.State != Same {
		return err
	}
	return w.options.Book.Scan(ctx, w.options.Read)
}

// Ask makes Run look soon.
func (w *Watch) Ask() {
	select {
	case w.ask <- struct{}{}:
	default: // it is about to look
	}
}

// Look looks now. When it cannot, what was found before stays.
func (w *Watch) Look(ctx context.Context) (Finding, error) {
	w.looking.Lock()
	defer w.looking.Unlock()
	known, lineage, err := w.known(ctx)
	if err != nil {
		return Finding{}, err
	}
	found, err := Look(ctx, w.options.Log, known)
	if err != nil {
		return Finding{}, fmt.Errorf("look whether the log is the right one: %w", err)
	}
	if found.State == Same {
		if lineage, err = w.believe(ctx, known, lineage); err != nil {
			return Finding{}, err
		}
	}
	w.take(found, lineage)
	return found, nil
}

// known reads the marks of the database.
func (w *Watch) known(ctx context.Context) (known Known, lineage []Identity, err error) {
	if lineage, err = w.options.Book.Lineage(ctx); err != nil {
		return known, nil, err
	}
	if n := len(lineage); n > 0 {
		known.First = lineage[n-1].First
	}
	known.Marks, err = w.options.Marks(ctx)
	return known, lineage, err
}

// believe takes down what the database does not know yet: the first event, and the
// events at checkpoints of an older version of the program.
func (w *Watch) believe(ctx context.Context, known Known, lineage []Identity) ([]Identity, error) {
	for _, mark := range known.Marks {
		if mark.noted() {
			continue
		}
		id, ok, err := w.options.Log.At(ctx, mark.Commit, mark.Prepare)
		if err != nil {
			return nil, fmt.Errorf("look whether the log is the right one: %w", err)
		}
		if ok {
			if err := w.options.Note(ctx, mark.Commit, id); err != nil {
				return nil, err
			}
		}
	}
	if known.First.noted() {
		return lineage, nil
	}
	first, ok, err := w.options.Log.First(ctx)
	if err != nil || !ok {
		return lineage, err
	}
	if err := w.options.Book.Begin(ctx, first, w.options.Clock()); err != nil {
		return nil, err
	}
	return w.options.Book.Lineage(ctx)
}

func (w *Watch) take(found Finding, lineage []Identity) {
	w.mu.Lock()
	defer w.mu.Unlock()
	adopted := len(w.lineage) > 0 && len(lineage) > 0 && w.lineage[len(w.lineage)-1].Number != lineage[len(lineage)-1].Number
	before := w.found
	w.found, w.lineage = found, lineage
	if found.State != before.State {
		w.say(found, before)
		if w.options.Found != nil {
			w.options.Found(found)
		}
	}
	if adopted || before.State != Unknown && before.State != found.State {
		close(w.changed)
		w.changed = make(chan struct{})
	}
}

func (w *Watch) say(found, before Finding) {
	switch {
	case found.State != Same:
		w.options.Logger.Error(found.Detail()+"; no command is accepted: put the right store back, or jejak adopt takes this one",
			slog.String("state", string(found.State)))
	case before.State != Unknown:
		w.options.Logger.Info("the event store holds the log of the read models again")
	}
}

// Found gives what the last look found.
func (w *Watch) Found() Finding {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.found
}

// Lineage gives the logs that the database has belonged to, as last read.
func (w *Watch) Lineage() []Identity {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.lineage)
}

// Changed is closed when the log turns out not to be the right one, is the right one
// again, or another one was adopted: whoever follows the log begins anew.
func (w *Watch) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}
