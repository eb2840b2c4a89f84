package commands

import (
	"context"
	"fmt"
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
)

// ID is the identifier inside the stream's name: that of the plan, report, … the
// command was about or has made.
func (o Outcome) ID() string {
	_, id, _ := strings.Cut(o.Stream, "-")
	return id
}

// orders says what is commanded, in digests: words are given away through w.
type orders[C any] func(w *words) []C

// carry carries out an order about one stream on which people write. An earlier
// answer to the same request comes first, before any question of access: who
// repeats a request must hear what became of it. Then access, which sees the
// state and may complete the metadata. Then a rehearsal, so that nobody fills a
// person's vault with words the rules refuse; and only then the words are sealed
// and the commands executed.
func carry[S, C, E any](ctx context.Context, o *Office, d domain.Decider[S, C, E], id string, req Request,
	access func(s S, m *domain.Meta) (orders[C], error),
) (Outcome, error) {
	if err := domain.CheckCommandID(req.Meta.Command); err != nil {
		return Outcome{}, err
	}
	if err := domain.CheckID("id", id); err != nil {
		return Outcome{}, err
	}
	stream := d.Stream(id)
	history, err := load(ctx, o.Store, stream)
	if err != nil {
		return Outcome{}, err
	}
	if out, ok, err := earlier(history, stream, req.Meta); ok || err != nil {
		return out, err
	}
	state, err := fold(d, history)
	if err != nil {
		return Outcome{}, err
	}
	order, err := access(state, &req.Meta)
	if err != nil {
		return Outcome{}, err
	}
	rehearsal := silent()
	commands := order(rehearsal)
	if rehearsal.err != nil {
		return Outcome{}, rehearsal.err
	}
	if _, err := answer(d, state, commands); err != nil {
		return Outcome{}, err
	}
	if rehearsal.said {
		spoken := o.aloud(ctx, &req.Meta)
		if commands = order(spoken); spoken.err != nil {
			return Outcome{}, spoken.err
		}
	}
	return executeOn(ctx, o.Store, d, stream, history, commands, req)
}

func fold[S, C, E any](d domain.Decider[S, C, E], history []domain.Recorded) (S, error) {
	state := d.Initial()
	for _, r := range history {
		if r.Foreign {
			continue
		}
		event, ok := r.Body.(E)
		if !ok {
			return state, fmt.Errorf("%s at revision %d of %s is no event of this stream", r.Name, r.Revision, r.Stream)
		}
		state = d.Evolve(state, event)
	}
	return state, nil
}
