package v1

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// AwaitLimit is how long a read waits for a write of its own to show: longer than
// any healthy read model needs, shorter than anybody's patience.
const AwaitLimit = 2 * time.Second

// Reading is the head of every read.
type Reading struct {
	MinPosition uint64 `query:"min_position" doc:"Wait up to 2 s until this position of the log shows"`
}

// Fresh tells how old an answer may be.
type Fresh struct {
	Stale string `header:"Jejak-Stale" doc:"true when min_position does not show yet"`
	AsOf  string `header:"Jejak-As-Of" doc:"Only while the event store is away or refused: the answer holds everything that was stored up to this time (RFC 3339, UTC); unknown when no time is known"`
}

// One is the answer that is one thing.
type One[T any] struct {
	Fresh
	ETag string `header:"ETag" doc:"Revision of its stream"`
	Body T
}

// Listing is the head of every list.
type Listing struct {
	Reading
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
	Cursor string `query:"cursor" maxLength:"512" doc:"Where the page before ended; opaque"`
}

func (l Listing) page() projections.Page { return projections.Page{Cursor: l.Cursor, Limit: l.Limit} }

// Page is the answer that is a part of a list.
type Page[T any] struct {
	Fresh
	Link string `header:"Link" doc:"rel=next, unless this is the last page"`
	Body struct {
		Items []T    `json:"items"`
		Next  string `json:"next,omitempty" doc:"Cursor of the next page; missing on the last"`
	}
}

// pageOf makes the answer of one page. Path and query are those of the request.
func pageOf[T any](items []T, next, path string, query url.Values) *Page[T] {
	p := &Page[T]{}
	p.Body.Items, p.Body.Next = items, next
	if items == nil {
		p.Body.Items = []T{}
	}
	if next != "" {
		query.Set("cursor", next)
		p.Link = fmt.Sprintf(`<%s?%s>; rel="next"`, path, query.Encode())
	}
	return p
}

// sized gives the query of a list's next page.
func (l Listing) sized() url.Values { return url.Values{"limit": {strconv.Itoa(l.page().Size())}} }

// await waits for the caller's own write, and says how old the answer may be.
func (k *desk) await(ctx context.Context, position uint64) (Fresh, error) {
	fresh := Fresh{AsOf: k.asOf()}
	if position == 0 {
		return fresh, nil
	}
	waiting, stop := context.WithTimeout(ctx, AwaitLimit)
	defer stop()
	err := k.Await(waiting, position)
	switch {
	case err == nil:
		return fresh, nil
	case ctx.Err() == nil && (errors.Is(err, context.DeadlineExceeded) || waiting.Err() != nil):
		fresh.Stale = "true"
		return fresh, nil
	}
	return Fresh{}, fmt.Errorf("wait for position %d: %w", position, err)
}

// asOf is up to when answers hold everything; empty while the event store is ready.
func (k *desk) asOf() string {
	if k.Availability == nil {
		return ""
	}
	switch s := k.Availability(); {
	case s.Condition == availability.Ready:
		return ""
	case s.AsOf.IsZero():
		return "unknown"
	default:
		return s.AsOf.UTC().Format(time.RFC3339)
	}
}

// maySee refuses a caller to whom the person's record is not open.
func (k *desk) maySee(ctx context.Context, person domain.PersonID) error {
	sight, err := k.Lookup.MaySee(ctx, caller.From(ctx).Person, person)
	if err == nil && sight != commands.Full {
		err = domain.Forbid("person-not-visible", "the record is not open to the caller")
	}
	return err
}

// isOpen refuses a caller who is neither a party nor may see the subject's record.
func (k *desk) isOpen(ctx context.Context, subject domain.PersonID, parties ...domain.PersonID) error {
	if slices.Contains(parties, caller.From(ctx).Person) {
		return nil
	}
	return k.maySee(ctx, subject)
}

// read puts an operation on the router that reads.
func read[I, O any](k *desk, op operation, handle func(context.Context, *I) (*O, error)) {
	op.method = http.MethodGet
	serve(k, op, handle)
}

func revision(n uint64) string { return strconv.Quote(strconv.FormatUint(n, 10)) }

// today is the office's calendar day.
func (k *desk) today() domain.Date { return domain.DateOf(k.Office.Clock(), k.Office.Zone) }

// all makes the answer of a list that is never long.
func all[T any](items []T, fresh Fresh) *Page[T] {
	page := pageOf(items, "", "", nil)
	page.Fresh = fresh
	return page
}

// trailOf is where the facts behind a figure are listed.
func trailOf(t projections.Trail) string { return "/v1/audit?" + t.Query().Encode() }
