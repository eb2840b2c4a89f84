package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/logwatch"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// openLogWatch makes the watch of whether the event store holds the log of this
// database. It has not looked yet.
func (r *rooms) openLogWatch(ctx context.Context) (*logwatch.Watch, error) {
	book, err := logwatch.OpenBook(ctx, r.pool)
	if err != nil {
		return nil, err
	}
	r.book = book
	return logwatch.New(logwatch.Options{
		Log: askedLog{r.events}, Book: book, Marks: r.marks, Note: r.engine.NoteEvent, Read: r.wholeLog, Found: r.foundLog,
		Every: r.config.LogWatchEvery, Clock: clock.Now, Logger: r.log,
	}), nil
}

func (r *rooms) marks(ctx context.Context) ([]logwatch.Place, error) {
	return marksOf(ctx, r.pool, r.engine.Names())
}

// marksOf are the checkpoints of read models of the present edition. Beside one that
// an older version of the program moved, which noted no event, stands the last event
// that the audit trail has up to there.
func marksOf(ctx context.Context, db projections.Querier, names []string) ([]logwatch.Place, error) {
	marks, err := engine.Marks(ctx, db, engine.Schema, names)
	places := placesOf(marks)
	for _, m := range marks {
		if m.Event != "" || err != nil {
			continue
		}
		at, event, ok, missed := audittrail.LastUpTo(ctx, db, m.Position)
		if err = missed; ok {
			places = append(places, logwatch.Place{Commit: at, Prepare: at, ID: string(event)})
		}
	}
	return places, err
}

func placesOf(marks []engine.Mark) []logwatch.Place {
	places := make([]logwatch.Place, len(marks))
	for n, m := range marks {
		places[n] = logwatch.Place{Commit: m.Position, Prepare: m.Position, ID: m.Event}
	}
	return places
}

// foundLog tells commands, pages and readiness what the watch has found.
func (r *rooms) foundLog(f logwatch.Finding) { r.watch.Refuse(refusalOf(f)) }

// refusalOf is what a command is answered while the log is not the right one.
func refusalOf(f logwatch.Finding) *domain.Error {
	if f.State == logwatch.Same {
		return nil
	}
	return &domain.Error{Kind: domain.Unavailable, Slug: "log-" + string(f.State),
		Detail: f.Detail() + ": nothing is stored until the right store is put back, or jejak adopt has taken this one"}
}

// rightLog looks now, and refuses a log that is not the read models'.
func (r *rooms) rightLog(ctx context.Context) error {
	found, err := r.logs.Look(ctx)
	if err != nil {
		return err
	}
	if refusal := refusalOf(found); refusal != nil {
		return refusal
	}
	return nil
}

// confirmLog is rightLog for the event log, which asks before it appends by a new
// connection: the store may have been exchanged in less time than the watch needs
// to notice that it was away.
func (r *rooms) confirmLog(ctx context.Context) error {
	if r.logs == nil { // the rooms are being opened
		return nil
	}
	return r.rightLog(ctx)
}

// firstLook looks before anybody can ask for anything. A store that is away is
// looked at when it is back, before it counts as there.
func (r *rooms) firstLook(ctx context.Context) {
	r.unseen.Store(true)
	if r.watch.Err() != nil {
		return
	}
	if _, err := r.logs.Look(ctx); err != nil {
		r.log.WarnContext(ctx, "whether the event store holds the right log is not known yet", slog.Any("error", err))
		r.watch.Heard(err)
		return
	}
	r.unseen.Store(false)
}

// head gives the end of the log for the availability watch. A store that was away,
// or ends before what was seen of it, is looked at before it counts as there.
func (r *rooms) head(ctx context.Context) (uint64, error) {
	head, err := r.events.Head(ctx)
	if err != nil {
		r.unseen.Store(true)
		return 0, err
	}
	if r.logs == nil { // the rooms are being opened
		return head, nil
	}
	if !r.unseen.Load() && head >= r.furthest() && r.logs.Found().State == logwatch.Same {
		return head, nil
	}
	if _, err := r.logs.Look(ctx); err != nil {
		return 0, err
	}
	r.unseen.Store(false)
	return head, nil
}

// furthest is the position of the newest fact that a read model here holds.
func (r *rooms) furthest() (position uint64) {
	for _, name := range r.engine.Names() {
		position = max(position, r.engine.Position(name))
	}
	return position
}

// wholeLog reads the log for what outsiders did.
func (r *rooms) wholeLog(ctx context.Context, after logwatch.Place) ([]logwatch.Event, error) {
	page, err := r.events.ReadRaw(ctx, after.Commit, after.Prepare)
	events := make([]logwatch.Event, len(page))
	for n, raw := range page {
		e := logwatch.Event{Place: logwatch.Place{Commit: raw.Position, Prepare: raw.Prepare, ID: raw.ID}, Stream: raw.Stream, Name: raw.Type, Revision: raw.Revision}
		if cut, ok := eventlog.CutBy(raw); ok {
			if r.catalog.Holds(cut.Stream) {
				e.Cut, e.How = cut.Stream, cut.What
			}
		} else if !r.catalog.Belongs(raw.Stream, raw.Type) {
			_, ours := r.catalog.TypeOf(raw.Type)
			e.Foreign = ours || r.catalog.Holds(raw.Stream)
		}
		events[n] = e
	}
	return events, err
}

// lookAtOutsiders warns of what others than the product did to the ledger's streams.
func (r *rooms) lookAtOutsiders(ctx context.Context) (health.Finding, error) {
	outside, err := logwatch.ReadOutside(ctx, r.pool)
	found := health.Finding{Warn: len(outside.Cut) > 0 || outside.ForeignTotal > 0}
	if found.Warn {
		found.Detail = fmt.Sprintf("%d streams cut, %d foreign events", len(outside.Cut), outside.ForeignTotal)
	}
	return found, err
}

// askedLog is the event store as the watch asks it.
type askedLog struct{ log *eventlog.Log }

// At gives the id of the event at a place.
func (l askedLog) At(ctx context.Context, commit, prepare uint64) (string, bool, error) {
	raw, ok, err := l.log.RawAt(ctx, commit, prepare)
	return raw.ID, ok, err
}

// First gives the ledger's first event.
func (l askedLog) First(ctx context.Context) (logwatch.Place, bool, error) {
	for entries, err := range l.log.Pages(ctx, 0) {
		if err != nil {
			return logwatch.Place{}, false, err
		}
		for _, e := range entries {
			if !e.Foreign {
				return logwatch.Place{Commit: e.Position, Prepare: e.Position, ID: string(e.ID)}, true, nil
			}
		}
	}
	return logwatch.Place{}, false, nil
}

// End gives where the log ends.
func (l askedLog) End(ctx context.Context) (uint64, error) { return l.log.Head(ctx) }

// rightLogOnly is the store of a subcommand, which runs briefly: it is looked at
// once, before anything is decided.
type rightLogOnly struct {
	commands.Store
	look func(context.Context) error
}

func (r *rooms) rightLogOnly(store commands.Store) commands.Store {
	var once sync.Mutex
	right := false
	return rightLogOnly{store, func(ctx context.Context) error {
		once.Lock()
		defer once.Unlock()
		if right {
			return nil
		}
		if err := r.rightLog(ctx); err != nil {
			return fmt.Errorf("before anything is stored: %w", err)
		}
		right = true
		return nil
	}}
}

// Load looks first.
func (s rightLogOnly) Load(ctx context.Context, stream string) ([]domain.Recorded, error) {
	if err := s.look(ctx); err != nil {
		return nil, err
	}
	return s.Store.Load(ctx, stream)
}

// Append looks first.
func (s rightLogOnly) Append(ctx context.Context, stream string, after int64, events []commands.NewEvent) (commands.Place, error) {
	if err := s.look(ctx); err != nil {
		return commands.Place{}, err
	}
	return s.Store.Append(ctx, stream, after, events)
}
