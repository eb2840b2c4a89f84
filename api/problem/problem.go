package problem

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/jejak-kinerja/jejak/api/trace"
	"github.com/jejak-kinerja/jejak/domain"
)

// MediaType of a problem. Dasar: RFC 9457.
const MediaType = "application/problem+json"

// Problem is a refusal or a failure as the caller reads it.
type Problem struct {
	Type     string  `json:"type" format:"uri-reference" doc:"Page that explains this kind of problem" example:"/masalah/plan-not-draft"`
	Title    string  `json:"title" doc:"What kind of problem this is, in the caller's language"`
	Status   int     `json:"status" doc:"The HTTP status" example:"422"`
	Detail   string  `json:"detail" doc:"What went wrong here and what to do, in the caller's language"`
	Instance string  `json:"instance,omitempty" format:"uri-reference" doc:"Path that was asked for"`
	Code     string  `json:"code" doc:"Stable name of the problem, for programs" example:"plan-not-draft"`
	TraceID  string  `json:"trace_id,omitempty" doc:"Name of the request, for whoever reads the log"`
	Errors   []Fault `json:"errors,omitempty" doc:"The inputs at fault; the values sent are never repeated"`
	// Revision is set with 412 only.
	Revision *int64 `json:"revision,omitempty" doc:"The stream's present revision, where the request was made on an older one"`
	// Log is set with 409 of the feed only.
	Log string `json:"log,omitempty" doc:"Identity of the log that there is now, where the position is of another one"`

	headers http.Header
}

// Fault is one input at fault.
type Fault struct {
	Location string `json:"location" doc:"Where it is" example:"body.quantity"`
	Code     string `json:"code" doc:"Stable name of the fault"`
	Message  string `json:"message" doc:"What is wrong, in the caller's language"`
}

// Error gives the code, for logs.
func (p *Problem) Error() string { return strconv.Itoa(p.Status) + " " + p.Code }

// GetStatus is asked by huma.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders is asked by huma.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType is asked by huma.
func (p *Problem) ContentType(string) string { return MediaType }

// Of turns an error into a Problem. Only a domain.Error tells the caller more
// than that something failed; log what Of makes a 500 of.
func Of(ctx context.Context, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	e, ok := errors.AsType[*domain.Error](err)
	away := Outage(err)
	switch {
	case ok:
	case away != nil:
		e = away
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled): // the latter of a caller who stays: the service ends
		e = &domain.Error{Kind: domain.Unavailable, Slug: "too-slow", Detail: "it took too long"}
	default:
		e = &domain.Error{Slug: "internal", Detail: "something failed here"}
	}
	p := With(ctx, StatusOf(e.Kind), e)
	if e.Field != "" {
		p.Errors = []Fault{{Location: e.Field, Code: e.Slug, Message: p.Detail}}
	}
	return p
}

// With makes a Problem of a refusal under a status of its own.
func With(ctx context.Context, status int, e *domain.Error) *Problem {
	p := &Problem{
		Type: Page + e.Slug, Title: title(ctx, status), Status: status, Detail: explain(ctx, e),
		Instance: trace.Path(ctx), Code: e.Slug, TraceID: trace.ID(ctx), headers: http.Header{},
	}
	switch status {
	case http.StatusServiceUnavailable:
		p.headers.Set("Retry-After", retryAfterSeconds)
	case http.StatusUnauthorized:
		p.headers.Set("WWW-Authenticate", `Bearer realm="jejak"`)
	}
	return p
}

// Stale adds the present revision to a 412.
func (p *Problem) Stale(revision int64) *Problem {
	p.Revision = &revision
	p.headers.Set("ETag", strconv.Quote(strconv.FormatInt(revision, 10)))
	return p
}

// OfLog adds which log there is to a 409 of the feed.
func (p *Problem) OfLog(id string) *Problem {
	p.Log = id
	return p
}

// Write answers a request with the Problem of an error.
func Write(w http.ResponseWriter, r *http.Request, err error) {
	p := Of(r.Context(), err)
	for name, values := range p.headers {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", MediaType)
	w.Header().Set("Cache-Control", "no-store")
	body, err := json.Marshal(p)
	if err != nil {
		panic("a problem that is no JSON: " + err.Error()) // strings and numbers only
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // the caller has gone: nothing is left to say
}

// Handler answers every request with the Problem of one error.
func Handler(e *domain.Error, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { Write(w, r, With(r.Context(), status, e)) }
}
