package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// TakeDownBKN records what one row of a BKN report says about a person: in order,
// in one append. The person and the units named must be in the ledger; whether a
// person has left or a unit was closed since does not matter, for a report may
// speak of an earlier year.
func (o *Office) TakeDownBKN(ctx context.Context, ask Ask, id domain.PersonID, said ...bkn.Command) (Outcome, error) {
	content, err := spell(said)
	if err != nil {
		return Outcome{}, err
	}
	access := checked(
		func() (string, error) { return o.needMasterData(ctx, ask, person.PersonnelAgency) },
		func() error { _, err := o.PersonState(ctx, id); return err },
		func() error { return o.checkReportedUnits(ctx, said) })
	req := o.request(ask, "", "", bkn.Decider.Category, string(id), "take-down", content)
	return carry(ctx, o, bkn.Decider, string(id), req, func(_ bkn.State, m *domain.Meta) (orders[bkn.Command], error) {
		var err error
		m.Authority, err = access()
		return func(*words) []bkn.Command { return said }, err
	})
}

func (o *Office) checkReportedUnits(ctx context.Context, said []bkn.Command) error {
	for _, word := range said {
		plan, ok := word.(bkn.ReportPlan)
		if !ok {
			continue
		}
		if _, err := o.UnitState(ctx, plan.Unit); err != nil {
			if domain.KindOf(err) == domain.NotFound {
				return domain.Bad("unit", "unit-unknown", "unit is no unit of the ledger")
			}
			return err
		}
	}
	return nil
}
