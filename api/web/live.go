package web

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	// maxListeners bounds the open connections for live pages; a page without one
	// says how old it is and works all the same.
	maxListeners = 2000
	// maxFollowed is how many things one page may follow.
	maxFollowed = 8
	// heartbeat keeps proxies from closing a quiet connection and finds dead ones.
	heartbeat = 15 * time.Second
	// patience is how long a browser may take to read one notice.
	patience = 10 * time.Second
	// pause gathers changes that come together into one notice.
	pause = 150 * time.Millisecond
	// lookEvery is how often it is seen whether the event store is away or back.
	lookEvery = time.Second
)

// storeEvent tells an open page how the event store is, which it may not have been
// when the page was made.
func storeEvent(c availability.Condition) string { return fmt.Sprintf("event: store\ndata: %s\n\n", c) }

type listeners struct{ open atomic.Int64 }

// listen tells the browser that something on its page has changed, and nothing
// more: the browser then asks for the page again, and is answered by the same
// rules. It also tells how the event store is. "ikuti" names a stream in full, a read model, or a category with a star.
func (s *Site) listen(w http.ResponseWriter, r *http.Request) error {
	follow := r.URL.Query()["ikuti"]
	if len(follow) == 0 || len(follow) > maxFollowed {
		return domain.Bad("ikuti", "too-many", "follow 1 to %d things", maxFollowed)
	}
	if !caller.From(r.Context()).Known() && slices.ContainsFunc(follow, func(f string) bool { return strings.Contains(f, "-") }) {
		return &domain.Error{Kind: domain.Unauthenticated, Slug: "login-needed", Detail: "nobody is logged in"}
	}
	if s.live.open.Add(1) > maxListeners {
		s.live.open.Add(-1)
		return &domain.Error{Kind: domain.Unavailable, Slug: "too-many-listeners", Detail: "too many live pages are open"}
	}
	defer s.live.open.Add(-1)
	s.Streams.Opened()
	defer s.Streams.Closed()

	out := http.NewResponseController(w)
	if err := out.SetReadDeadline(time.Time{}); err != nil { // the server's limit is for requests, not for a page left open
		return fmt.Errorf("keep the connection open: %w", err)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	send := func(text string) bool {
		if out.SetWriteDeadline(clock.Now().Add(patience)) != nil {
			return false
		}
		_, err := fmt.Fprint(w, text)
		if err == nil {
			err = out.Flush()
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			s.Streams.Cut()
		}
		return err == nil
	}
	changes := s.Changes(r.Context())
	if !send("retry: 2000\nevent: open\ndata: 0\n\n") {
		return nil
	}
	condition := s.Availability().Condition
	if !send(storeEvent(condition)) {
		return nil
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	var soon <-chan time.Time
	var latest uint64
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-s.Closing:
			send("event: closing\ndata: 0\n\n")
			return nil
		case c, ok := <-changes:
			if !ok {
				return nil
			}
			if concerns(c, follow) {
				latest = max(latest, c.To)
				if soon == nil {
					soon = time.After(pause)
				}
			}
		case <-soon:
			soon = nil
			if !send(fmt.Sprintf("event: changed\ndata: %d\n\n", latest)) {
				return nil
			}
		case <-look.C:
			if now := s.Availability().Condition; now != condition {
				if condition = now; !send(storeEvent(now)) {
					return nil
				}
			}
		case <-beat.C:
			if !send(": still here\n\n") {
				return nil
			}
		}
	}
}

// concerns says whether a change touches something followed.
func concerns(c Change, follow []string) bool {
	return slices.ContainsFunc(follow, func(f string) bool {
		if f == c.Projection {
			return true
		}
		if c.Many {
			return true
		}
		if stem, ok := strings.CutSuffix(f, "*"); ok {
			return slices.ContainsFunc(c.Streams, func(s string) bool { return strings.HasPrefix(s, stem) })
		}
		return slices.Contains(c.Streams, f)
	})
}
