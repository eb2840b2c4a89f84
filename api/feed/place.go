package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/domain"
)

// Ledger tells which log is read. A log is another one after it was put back to an
// earlier state, or exchanged: then a position of before says nothing any more.
type Ledger interface {
	// ID names the log, "" while it has no event.
	ID() string
	// First says that the ledger never had another log. Positions are told with their
	// log once it had: a number alone is taken for one of the first log.
	First() bool
	// Holds says whether a position that a reader has is one of this log. from is the
	// ID that the reader had it with, "" when it does not say.
	Holds(ctx context.Context, from string, position uint64) (bool, error)
	// Err says why the log may not be read now; nil when it may.
	Err() error
}

const (
	// logHeader names the log in every answer; a reader may send it back, or as the
	// parameter log, with the position that it belongs to.
	logHeader = "Jejak-Log"

	// goneID is the last event's id of a reader of a stream who was told that its
	// position is gone: when it comes back with that, it is told to stay away.
	goneID = "gone"

	// goneRetry is for readers who come back all the same.
	goneRetry = time.Hour
)

// logs are ids, perhaps with a suffix.
var logs = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// readLog reads from which log the reader has its position: what came with the
// position itself counts first.
func readLog(r *http.Request, log string) (string, error) {
	if log == "" {
		log = r.URL.Query().Get("log")
	}
	if log == "" {
		log = r.Header.Get(logHeader)
	}
	if log != "" && !logs.MatchString(log) {
		return "", domain.Bad("log", "log-malformed", "a log's identity is what %s said", logHeader)
	}
	return log, nil
}

// lastID is the event's id that a stream gives with a position, for Last-Event-ID: the
// number alone, or number@log when the log is not the ledger's first.
func (d Deps) lastID(position uint64) string {
	if d.Ledger == nil || d.Ledger.First() {
		return strconv.FormatUint(position, 10)
	}
	return fmt.Sprintf("%d@%s", position, d.Ledger.ID())
}

// errAnswered says that the reader has its answer.
var errAnswered = errors.New("answered")

// place names the log and makes sure that the reader's position is one of it. A
// reader of batches is answered 409. A reader of a stream could not see that (an
// EventSource gives no status): it hears an event "log-changed" and the end, and 204
// when it comes back after that, which tells an EventSource not to come again.
func (d Deps) place(w http.ResponseWriter, r *http.Request, asked request) error {
	if d.Ledger == nil {
		return d.ready()
	}
	id := d.Ledger.ID()
	if id != "" {
		w.Header().Set(logHeader, id)
	}
	if asked.gone {
		w.WriteHeader(http.StatusNoContent)
		return errAnswered
	}
	wrong := d.Ledger.Err() // what asks the store all the same: whose position is gone is told so now
	if wrong == nil {
		if err := d.ready(); err != nil {
			return err
		}
	}
	ok, err := d.Ledger.Holds(r.Context(), asked.log, asked.after)
	switch {
	case ok || err != nil && wrong != nil:
		return wrong
	case err != nil:
		return fmt.Errorf("look for the position: %w", err)
	}
	gone := problem.Of(r.Context(), errGone).OfLog(id)
	if !asked.stream {
		return gone
	}
	return d.tellGone(w, gone)
}

func (d Deps) ready() error {
	if d.Ready == nil {
		return nil
	}
	return d.Ready()
}

// errGone is a position of another log.
var errGone = &domain.Error{Kind: domain.Conflict, Slug: "not-a-place-of-this-log", Detail: "the position is not one of this log"}

// tellGone is the whole of a stream whose position is gone.
func (d Deps) tellGone(w http.ResponseWriter, gone *problem.Problem) error {
	data, err := json.Marshal(gone)
	if err != nil {
		return fmt.Errorf("say that the position is gone: %w", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	s := &writer{d: d, w: w, c: http.NewResponseController(w)}
	if err := s.say("retry: %d\n\nevent: log-changed\nid: %s\ndata: %s\n\n", goneRetry.Milliseconds(), goneID, data); err != nil {
		d.Log.Info("a reader of the feed left before it heard that its position is gone")
	}
	return errAnswered
}
