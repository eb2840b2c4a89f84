package web

import (
	"context"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain/policy"
)

// numbers gives the policy's numbers valid today, by which pages count.
func (s *Site) numbers(ctx context.Context) (policy.Numbers, error) {
	p, _, err := commands.State(ctx, s.Lookup.Streams, policy.Decider, string(policy.Performance))
	if err != nil {
		return policy.Numbers{}, err
	}
	n, _, published := p.On(s.today())
	if !published {
		n = policy.Defaults()
	}
	return n, nil
}
