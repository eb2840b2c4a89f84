package v1

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/api/trace"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// Asking is the head of every request that may store a fact.
type Asking struct {
	Key string `header:"Idempotency-Key" required:"true" doc:"8 to 200 visible ASCII characters, new for each request and the same for its repeats" example:"0b8f6f3e-5b1a-4d52-9c55-1f1d1c2f7a10"`
}

// Deciding is the head of a request that rests on what its author saw.
type Deciding struct {
	Asking
	IfMatch string `header:"If-Match" required:"true" doc:"The ETag of what the decision rests on" example:"\"3\""`
}

// Stored is the answer to a request that may have stored facts.
type Stored struct {
	Location string `header:"Location" doc:"Where the thing is read"`
	ETag     string `header:"ETag" doc:"Revision of its stream now"`
	Position string `header:"Jejak-Position" doc:"Position of the request's last fact in the log, 0 when nothing had to be stored"`
	Replayed string `header:"Idempotency-Replayed" doc:"true when this is the answer to an earlier, equal request"`
	Body     Receipt
}

// Receipt says what became of a request.
type Receipt struct {
	ID       string `json:"id" doc:"Identifier of the thing"`
	Stream   string `json:"stream" doc:"Stream of its facts"`
	Revision int64  `json:"revision" doc:"Revision of the stream after the request"`
	Position uint64 `json:"position" doc:"Position of the request's last fact in the log, 0 when nothing had to be stored"`
	Events   int    `json:"events" doc:"How many facts the request stored"`
}

// ask makes the envelope of a request without a revision.
func (a Asking) ask(ctx context.Context) (commands.Ask, error) {
	c := caller.From(ctx)
	if !c.Known() {
		return commands.Ask{}, &domain.Error{Kind: domain.Unauthenticated, Slug: "login-needed", Detail: "nobody is logged in"}
	}
	if !c.May(caller.Write) {
		return commands.Ask{}, domain.Forbid("scope-needed", "the token may not write")
	}
	key := domain.CommandID(a.Key)
	if err := domain.CheckCommandID(key); err != nil {
		return commands.Ask{}, err
	}
	return commands.Ask{Key: key, Actor: c.Person, Source: domain.FromAPI, Correlation: trace.ID(ctx)}, nil
}

// ask makes the envelope of a request on a revision.
func (d Deciding) ask(ctx context.Context) (commands.Ask, error) {
	ask, err := d.Asking.ask(ctx)
	if err != nil {
		return ask, err
	}
	revision, err := parseETag(d.IfMatch)
	ask.IfMatch = &revision
	return ask, err
}

// parseETag reads one strong entity tag.
func parseETag(tag string) (int64, error) {
	digits, opened := strings.CutPrefix(strings.TrimSpace(tag), `"`)
	digits, closed := strings.CutSuffix(digits, `"`)
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || !opened || !closed {
		return 0, domain.Bad("If-Match", "if-match-malformed", `If-Match is one revision in quotes, such as "3"`)
	}
	return int64(n), nil
}

func etag(revision int64) string { return strconv.Quote(strconv.FormatInt(revision, 10)) }

// nouns tells where the things of a stream's category are read.
var nouns = map[string]string{
	"progress": "/v1/reports/", "feedback": "/v1/feedback/", "plan": "/v1/plans/", "appraisal": "/v1/appraisals/",
	"unit": "/v1/units/", "person": "/v1/people/", "indicator": "/v1/indicators/", "policy": "/v1/policies/",
}

func stored(out commands.Outcome) *Stored {
	category, id, _ := strings.Cut(out.Stream, "-")
	s := &Stored{
		Location: nouns[category] + id, ETag: etag(out.Revision), Position: strconv.FormatUint(out.Position, 10),
		Body: Receipt{ID: id, Stream: out.Stream, Revision: out.Revision, Position: out.Position, Events: out.Events},
	}
	if out.Replayed {
		s.Replayed = "true"
	}
	return s
}

type asker interface {
	ask(context.Context) (commands.Ask, error)
}

// order puts an operation on the router that gives one order to the office.
func order[I any, P interface {
	*I
	asker
}](k *desk, op operation, give func(context.Context, commands.Ask, P) (commands.Outcome, error)) {
	op.method = http.MethodPost
	serve(k, op, func(ctx context.Context, in *I) (*Stored, error) {
		ask, err := P(in).ask(ctx)
		if err != nil {
			return nil, err
		}
		out, err := give(ctx, ask, P(in))
		if domain.KindOf(err) == domain.Stale {
			return nil, k.stale(ctx, err)
		}
		if err != nil {
			return nil, err
		}
		return stored(out), nil
	})
}

// stale tells the present revision of the thing that the path names.
func (k *desk) stale(ctx context.Context, refusal error) error {
	for category, noun := range nouns {
		id, ours := strings.CutPrefix(trace.Path(ctx), noun)
		if !ours {
			continue
		}
		id, _, _ = strings.Cut(id, "/")
		history, err := k.Office.Store.Load(ctx, category+"-"+id)
		if err != nil {
			return err
		}
		return problem.Of(ctx, refusal).Stale(int64(len(history)) - 1)
	}
	return refusal
}
