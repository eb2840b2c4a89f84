package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/policy"
)

// PublishPolicy makes the next version of a family's numbers valid from a day on.
func (o *Office) PublishPolicy(ctx context.Context, ask Ask, in policy.Publish) (Outcome, error) {
	return o.onPolicy(ctx, o.since(ask, in.From), in.Policy, "publish", in)
}

// RetirePolicy ends a version after a day.
func (o *Office) RetirePolicy(ctx context.Context, ask Ask, id domain.PolicyID, in policy.Retire) (Outcome, error) {
	return o.onPolicy(ctx, ask, id, "retire", in)
}

// onPolicy carries out an order of the city's leadership on a policy.
func (o *Office) onPolicy(ctx context.Context, ask Ask, id domain.PolicyID, verb string, command policy.Command) (Outcome, error) {
	access := func() (string, error) { return o.needMasterData(ctx, ask, person.CityLeadership) }
	return order(ctx, o, ask, policy.Decider, string(id), verb, command, access)
}
