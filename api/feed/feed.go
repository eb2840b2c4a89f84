package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	// pageEvents is how many events one look into the log takes: about 200 KiB.
	pageEvents = 200
	// heartbeat is a comment into the silence, so that no proxy thinks we died.
	heartbeat = 15 * time.Second
	// patience is how long a reader may take nothing.
	patience = 10 * time.Second
	// lifetime ends a connection, so that rights are looked at again.
	lifetime = time.Hour
)

// Deps is what the feed needs.
type Deps struct {
	Source Source
	Tail   *Tail
	// Find gives the position of an event by its id, when it is among so many newest;
	// nil finds none.
	Find func(ctx context.Context, id string, among int) (position uint64, ok bool, err error)
	// BaseURL of the service, without a slash at the end; may be empty.
	BaseURL string
	// Names lists the stored names there are.
	Names []string
	// Ready fails at once while the log cannot be read; nil never does.
	Ready func() error
	Clock clock.Clock
	Log   *slog.Logger
	// Heartbeat instead of 15 s, for tests.
	Heartbeat time.Duration
	// Ledger tells which log is read; nil for one that is never another.
	Ledger Ledger
	// Streams counts the readers who stay; nil counts nobody.
	Streams Streams
}

// Streams hears of readers who stay, and of those who were cut for being slow.
type Streams interface {
	Opened()
	Closed()
	Cut()
}

// Handler serves the feed.
func Handler(d Deps) http.Handler {
	if d.Heartbeat == 0 {
		d.Heartbeat = heartbeat
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, err := d.read(r)
		if err == nil {
			err = d.place(w, r, asked)
		}
		if errors.Is(err, errAnswered) {
			return
		}
		if err != nil {
			problem.Write(w, r, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Accel-Buffering", "no")
		serve := d.batch
		if asked.stream {
			serve = d.counted
		}
		if err := serve(w, r, asked); err != nil && r.Context().Err() == nil {
			d.Log.WarnContext(r.Context(), "a reader of the feed was cut", slog.Any("error", err))
		}
	})
}

// request is what a reader asks for.
type request struct {
	filter
	after  uint64
	log    string // from which after is; "" for the present one
	gone   bool   // it has been told before that its position is gone
	stream bool
	wait   time.Duration
	limit  int
}

func (d Deps) read(r *http.Request) (request, error) {
	var asked request
	if err := mayRead(caller.From(r.Context())); err != nil {
		return asked, err
	}
	q := r.URL.Query()
	from := r.Header.Get("Last-Event-ID")
	if from == "" {
		from = q.Get("after")
	}
	from, log, named := strings.Cut(from, "@")
	var err error
	if asked.log, err = readLog(r, log); err != nil {
		return asked, err
	}
	if asked.gone = from == goneID; (from != "" || named) && !asked.gone {
		if asked.after, err = strconv.ParseUint(from, 10, 63); err != nil {
			return asked, domain.Bad("after", "position-malformed", "a position is a whole number")
		}
	} else if asked.after, err = d.afterEvent(r.Context(), q); err != nil {
		return asked, err
	}
	if asked.filter, err = parseFilter(q, d.Names); err != nil {
		return asked, err
	}
	accept := r.Header.Get("Accept")
	asked.stream = !strings.Contains(accept, batchType) && !strings.Contains(accept, "application/json")
	if asked.stream {
		return asked, nil
	}
	return asked, asked.readBatch(q)
}

// mayRead is for inspectors, administrators, and tokens made for it.
func mayRead(c caller.Caller) error {
	switch {
	case !c.Known():
		return &domain.Error{Kind: domain.Unauthenticated, Slug: "login-needed", Detail: "nobody is logged in"}
	case c.Scopes != nil && !c.May(caller.Feed):
		return domain.Forbid("scope-needed", "the token was not made for the feed")
	case c.Scopes == nil && !c.Has(person.Inspectorate) && !c.Has(person.SystemAdministrator):
		return domain.Forbid("reader-role-needed", "the feed is for inspectors and administrators")
	}
	return nil
}

// errBehind cuts a reader who is too slow for the ring.
var errBehind = fmt.Errorf("more than %d events behind", RingEvents)
