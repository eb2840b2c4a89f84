package v1

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
)

// TrailFilter narrows the audit trail; parts left out do not narrow.
type TrailFilter struct {
	Stream        string   `query:"stream" doc:"Stream in full"`
	Category      string   `query:"category" doc:"First part of the stream" example:"plan"`
	Name          []string `query:"name,explode" maxItems:"50" doc:"Stored name, may stand there many times"`
	Actor         string   `query:"actor" doc:"Who did it"`
	Subject       string   `query:"subject" doc:"Whom it is about"`
	Unit          string   `query:"unit"`
	Indicator     string   `query:"indicator"`
	Plan          string   `query:"plan" doc:"Facts of the plan, and those that name it"`
	Result        string   `query:"result"`
	Correlation   string   `query:"correlation"`
	Command       string   `query:"command" doc:"Idempotency-Key of the request"`
	Source        string   `query:"source" enum:"page,api,import,demo,rule"`
	Capacity      string   `query:"capacity" enum:"definitif,plt,plh,delegasi,system"`
	Value         string   `query:"value" doc:"What the fact says in one word"`
	Kind          string   `query:"kind"`
	Period        string   `query:"period" doc:"Year, or an indicator's period"`
	DayFrom       string   `query:"day_from" format:"date" doc:"First office day on which it happened"`
	DayUntil      string   `query:"day_until" format:"date" doc:"Last office day on which it happened"`
	RecordedFrom  string   `query:"recorded_from" format:"date-time" doc:"Taken down then or later"`
	RecordedUntil string   `query:"recorded_until" format:"date-time" doc:"Taken down before"`
	After         string   `query:"after" doc:"Positions beyond this one"`
	UpTo          string   `query:"up_to" doc:"Positions up to this one: the record as it was"`
	AsOf          string   `query:"as_of" format:"date" doc:"The record as it was at the end of this office day"`
	Slot          string   `query:"slot" doc:"Only the facts that settle this now"`
	StaffOn       string   `query:"staff_on" format:"date"`
	Employment    string   `query:"employment"`
	SilentOn      string   `query:"silent_on" format:"date"`
	SilentDays    string   `query:"silent_days"`

	trail projections.Trail
}

// Resolve is asked by huma: it reads the filter as the links of figures write it.
func (f *TrailFilter) Resolve(ctx huma.Context) []error {
	at := ctx.URL()
	trail, err := projections.ParseTrail(at.Query())
	if err != nil {
		return []error{problem.Of(ctx.Context(), err)}
	}
	f.trail = trail
	return nil
}

type trailRequest struct {
	Listing
	TrailFilter
	Order string `query:"order" enum:"newest,oldest" default:"newest"`
}

// next gives the query of the following page.
func (r *trailRequest) next() url.Values {
	q := r.trail.Query()
	q.Set("limit", strconv.Itoa(r.page().Size()))
	if r.Order == "oldest" {
		q.Set("order", r.Order)
	}
	return q
}

func (k *desk) audit() {
	read(k, operation{id: "list-audit-trail", path: "/v1/audit", tag: "audit", summary: "Facts, the newest first",
		description: "Inspectors read everything. Others name a subject whose record is open to them, themselves as actor, or a stream or category of units, indicators or policies."},
		k.listTrail)
	read(k, operation{id: "count-audit-trail", path: "/v1/audit/count", tag: "audit", summary: "How many facts a filter takes",
		description: "The figure on a page and this count are equal when the page's filter is given. Counting stops at 100,000."},
		func(ctx context.Context, in *struct {
			Reading
			TrailFilter
		}) (*One[Tally], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			if err := k.trailIsOpen(ctx, in.trail); err != nil {
				return nil, err
			}
			n, err := audittrail.Count(ctx, k.Read, in.trail)
			return &One[Tally]{Fresh: fresh, Body: Tally(n)}, err
		})
	read(k, operation{id: "get-event", path: "/v1/audit/{position}", tag: "audit", summary: "One fact",
		description: "Open to whoever may read its stream."},
		func(ctx context.Context, in *struct {
			Reading
			Position uint64 `path:"position" doc:"Position in the log"`
		}) (*One[Fact], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			entry, err := audittrail.At(ctx, k.Read, in.Position)
			if err != nil {
				return nil, err
			}
			if err := k.trailIsOpen(ctx, projections.Trail{Stream: entry.Stream}); err != nil {
				return nil, err
			}
			facts, err := k.facts(ctx, []audittrail.Entry{entry})
			if err != nil {
				return nil, err
			}
			return &One[Fact]{Fresh: fresh, Body: facts[0]}, nil
		})
}

// Tally is how many facts there are.
type Tally struct {
	Facts int64 `json:"facts"`
	More  bool  `json:"more,omitempty" doc:"There are more than that"`
}

func (k *desk) listTrail(ctx context.Context, in *trailRequest) (*Page[Fact], error) {
	fresh, err := k.await(ctx, in.MinPosition)
	if err != nil {
		return nil, err
	}
	if err := k.trailIsOpen(ctx, in.trail); err != nil {
		return nil, err
	}
	order := audittrail.NewestFirst
	if in.Order == "oldest" {
		order = audittrail.OldestFirst
	}
	rows, err := audittrail.List(ctx, k.Read, in.trail, order, in.page())
	if err != nil {
		return nil, err
	}
	facts, err := k.facts(ctx, rows.Items)
	if err != nil {
		return nil, err
	}
	page := pageOf(facts, rows.Next, "/v1/audit", in.next())
	page.Fresh = fresh
	return page, nil
}

// cityStreams are about things, not people: everybody in the house may read them.
var cityStreams = []string{"unit", "indicator", "policy"}

// trailIsOpen refuses a filter that reaches beyond what the caller may read. Every
// part of a filter narrows, so one part that keeps to the allowed is enough.
func (k *desk) trailIsOpen(ctx context.Context, t projections.Trail) error {
	c := caller.From(ctx)
	category, _, _ := strings.Cut(t.Stream, "-")
	switch {
	case c.Has(person.Inspectorate), t.Actor == c.Person && c.Known(), isOne(cityStreams, category), isOne(cityStreams, t.Category):
		return nil
	case t.Subject != "":
		return k.maySee(ctx, t.Subject)
	case t.Stream != "":
		return k.streamIsOpen(ctx, t.Stream)
	}
	return domain.Forbid("reader-role-needed", "the whole audit trail is for inspectors")
}

// streamIsOpen looks whom the stream is about, and who began it: the giver of a
// feedback, the appraiser.
func (k *desk) streamIsOpen(ctx context.Context, stream string) error {
	first, err := audittrail.AtRevision(ctx, k.Read, stream, 0)
	if err != nil {
		return err
	}
	return k.isOpen(ctx, first.Subject, first.Actor)
}

func isOne(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
