package v1

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/projections"
)

// documentVersion is that of the interface, not of the program: it grows with
// additions, and its first number with the path.
const documentVersion = "1.0.0"

// MaxBodyBytes of a request: a long report with a small picture.
const MaxBodyBytes = 256 << 10

// Deps is all that the interface needs from the rest of the house.
type Deps struct {
	// Version of the program, noted in the document; may be empty.
	Version string
	Office  *commands.Office
	// Lookup looks into a read model: reads never ask the event store.
	Lookup commands.Lookup
	// Read asks the read models; its search path is their schema.
	Read projections.Querier
	// Await waits until the read models have reached a position; it gives the
	// context's error when they do not in time.
	Await func(ctx context.Context, position uint64) error
	// Texts reveals sealed texts, Names the people; both leave out what they do not know.
	Texts   func(context.Context, []domain.Sealed) (map[domain.Sealed]Text, error)
	Names   func(context.Context, []domain.PersonID) (map[domain.PersonID]Name, error)
	Catalog *catalog.Catalog
	// Availability tells how the event store is; nil for always ready.
	Availability func() availability.State
	Log          *slog.Logger
}

// Text is a sealed text as it reads now.
type Text struct {
	Plain string
	// Gone says that its key was destroyed by the retention schedule.
	Gone bool
	// Lost says that the vault cannot give it, though the ledger names it.
	Lost bool
}

// Name is who a person is.
type Name struct {
	Full string
	NIP  string
	// Gone says that its key was destroyed by the retention schedule.
	Gone bool
}

// desk is where requests are taken.
type desk struct {
	Deps
	huma huma.API
}

// Open puts every operation on the router and gives the document that describes them.
func Open(r chi.Router, d Deps) *huma.OpenAPI {
	settle()
	config := huma.DefaultConfig("Jejak", documentVersion)
	config.DocsPath, config.OpenAPIPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	config.Formats = map[string]huma.Format{"application/json": strict, "json": strict}
	config.RejectUnknownQueryParameters = true
	describe(config.OpenAPI, d.Version)
	k := &desk{Deps: d, huma: humachi.New(r, config)}
	for _, noun := range []func(){
		k.me, k.inbox, k.home, k.people, k.timeline, k.units, k.indicators, k.policies,
		k.plans, k.reports, k.feedback, k.appraisals, k.audit,
	} {
		noun()
	}
	return config.OpenAPI
}

// describe says what holds for every operation.
func describe(doc *huma.OpenAPI, program string) {
	if program != "" {
		doc.Info.Extensions = map[string]any{"x-program-version": program}
	}
	doc.Info.Description = about
	doc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", BearerFormat: "jjk_<id>_<secret>"},
		"session": {Type: "apiKey", In: "cookie", Name: "jejak_session"},
	}
	doc.Security = []map[string][]string{{"token": {}}, {"session": {}}}
}

const about = `The trail of a city's work: plans, reports, feedback and appraisals of its civil servants, each change an event that stays.

- Every POST needs an Idempotency-Key: a repeat gets the first answer, marked Idempotency-Replayed.
- What is decided on something seen needs If-Match with the ETag that was seen: 428 without it, 412 with the present revision when it has changed.
- Every write answers with Jejak-Position; a read with min_position waits up to 2 s for it, then answers as it can, marked Jejak-Stale.
- While the event store is away, reads go on from the read models, marked Jejak-As-Of; requests that would store something are answered 503 with Retry-After, and nothing was stored.
- Lists have limit (50, at most 200), an opaque cursor and Link rel="next". Query parameters that an operation does not know are refused.
- Numbers are whole: quantities and targets in hundredths. Times are RFC 3339 in UTC, days are 2006-01-02.
- Errors are application/problem+json (RFC 9457) with a stable code, in the language of Accept-Language or lang.
- A body has at most 256 KiB and 100 levels, the headers 32 KiB.
- Inside /v1 there are only additions: ignore what you do not know.`

// operation is what tells one operation from another.
type operation struct {
	id, method, path, tag, summary, description string
	status                                      int
}

// serve puts one operation on the router. An error that is no refusal is logged
// here, where it stops.
func serve[I, O any](k *desk, op operation, handle func(context.Context, *I) (*O, error)) {
	huma.Register(k.huma, huma.Operation{
		OperationID: op.id, Method: op.method, Path: op.path, Tags: []string{op.tag}, Summary: op.summary, Description: op.description,
		DefaultStatus: op.status, MaxBodyBytes: MaxBodyBytes + 1,
	}, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err == nil {
			return out, nil
		}
		p := problem.Of(ctx, err)
		if p.Status == http.StatusInternalServerError {
			k.Log.ErrorContext(ctx, "request failed", slog.String("operation", op.id), slog.String("trace", p.TraceID), slog.Any("error", err))
		}
		return nil, p
	})
}
