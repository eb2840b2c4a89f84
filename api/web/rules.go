package web

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/policy"
)

const (
	// rulesWait is how long a page waits for the rules when it knows earlier ones.
	rulesWait = 300 * time.Millisecond
	// rulesRest is how long nobody asks again when the event store did not answer.
	rulesRest = 5 * time.Second
)

// rules are the numbers of the policy by which pages count. Pages come from read
// models and stay there when the event store is away; the rules then are those
// known last, since a policy changes once in a year and is announced before.
type rules struct {
	mu    sync.Mutex
	last  policy.State
	known bool
	rest  time.Time // until then nobody asks
}

// numbers gives the policy's numbers valid today.
func (s *Site) numbers(ctx context.Context) (policy.Numbers, error) {
	p, err := s.policy(ctx)
	if err != nil {
		return policy.Numbers{}, err
	}
	n, _, published := p.On(s.today())
	if !published {
		n = policy.Defaults()
	}
	return n, nil
}

func (s *Site) policy(ctx context.Context) (policy.State, error) {
	s.rules.mu.Lock()
	last, known, rest := s.rules.last, s.rules.known, s.Clock().Before(s.rules.rest)
	s.rules.mu.Unlock()
	if known && rest {
		return last, nil
	}
	asking := ctx
	if known {
		var cancel context.CancelFunc
		asking, cancel = context.WithTimeout(ctx, rulesWait)
		defer cancel()
	}
	now, _, err := commands.State(asking, s.Office.Store, policy.Decider, string(policy.Performance))
	away := err != nil && ctx.Err() == nil && (asking.Err() != nil || domain.KindOf(err) == domain.Unavailable)
	s.rules.mu.Lock()
	defer s.rules.mu.Unlock()
	switch {
	case err == nil:
		s.rules.last, s.rules.known, s.rules.rest = now, true, time.Time{}
	case known && away:
		s.Log.WarnContext(ctx, "pages count by the rules known last", slog.Any("error", err))
		s.rules.rest = s.Clock().Add(rulesRest)
		return last, nil
	}
	return now, err
}
