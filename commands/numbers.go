package commands

import (
	"context"
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/policy"
)

// numbers gives the performance policy valid on a day, and its name for the
// metadata: "kinerja@3". Version 0 are the defaults, used where none is published.
func (o *Office) numbers(ctx context.Context, on domain.Date) (policy.Numbers, string, error) {
	s, _, err := State(ctx, o.Store, policy.Decider, string(policy.Performance))
	if err != nil {
		return policy.Numbers{}, "", err
	}
	n, version, published := s.On(on)
	if !published {
		n, version = policy.Defaults(), 0
	}
	return n, fmt.Sprintf("%s@%d", policy.Performance, version), nil
}
