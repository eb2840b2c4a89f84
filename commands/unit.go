package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// EstablishUnit says that a unit exists; its parent must exist before it.
func (o *Office) EstablishUnit(ctx context.Context, ask Ask, in unit.Establish) (Outcome, error) {
	return o.onUnit(ctx, o.since(ask, in.From), in.Unit, "establish", in, func() error {
		if in.Parent == "" || in.Parent == in.Unit {
			return nil
		}
		return o.checkUnit(ctx, "parent", in.Parent)
	})
}

// RenameUnit gives the unit another name from a day on.
func (o *Office) RenameUnit(ctx context.Context, ask Ask, id domain.UnitID, in unit.Rename) (Outcome, error) {
	return o.onUnit(ctx, o.since(ask, in.From), id, "rename", in)
}

// AliasUnitCode makes an older code mean the unit.
func (o *Office) AliasUnitCode(ctx context.Context, ask Ask, id domain.UnitID, in unit.AliasCode) (Outcome, error) {
	return o.onUnit(ctx, ask, id, "alias-code", in)
}

// AppointHead puts a serving civil servant in charge of the unit.
func (o *Office) AppointHead(ctx context.Context, ask Ask, id domain.UnitID, in unit.AppointHead) (Outcome, error) {
	return o.onUnit(ctx, o.since(ask, in.From), id, "appoint-head", in, func() error {
		return o.checkServing(ctx, "person", in.Person, in.From)
	})
}

// ReleaseHead leaves the head's post vacant after a day.
func (o *Office) ReleaseHead(ctx context.Context, ask Ask, id domain.UnitID, in unit.ReleaseHead) (Outcome, error) {
	return o.onUnit(ctx, ask, id, "release-head", in)
}

// AssignActingHead lets a serving civil servant lead the unit for a span.
func (o *Office) AssignActingHead(ctx context.Context, ask Ask, id domain.UnitID, in unit.AssignActingHead) (Outcome, error) {
	return o.onUnit(ctx, o.since(ask, in.Span.From), id, "assign-acting-head", in, func() error {
		return o.checkServing(ctx, "person", in.Person, in.Span.From)
	})
}

// EndActingHead ends an acting head's mandate before its time.
func (o *Office) EndActingHead(ctx context.Context, ask Ask, id domain.UnitID, in unit.EndActingHead) (Outcome, error) {
	return o.onUnit(ctx, ask, id, "end-acting-head", in)
}

// CloseUnit ends the unit after a day.
func (o *Office) CloseUnit(ctx context.Context, ask Ask, id domain.UnitID, in unit.Close) (Outcome, error) {
	return o.onUnit(ctx, ask, id, "close", in)
}

// onUnit carries out an order on a unit: by the personnel agency or the
// performance office, once the checks against other streams have passed.
func (o *Office) onUnit(ctx context.Context, ask Ask, id domain.UnitID, verb string, command unit.Command, checks ...func() error) (Outcome, error) {
	access := func() (string, error) {
		return o.needMasterData(ctx, ask, person.PersonnelAgency, person.PerformanceOffice)
	}
	return order(ctx, o, ask, unit.Decider, string(id), verb, command, checked(access, checks...))
}

// checkUnit refuses a unit that does not exist or is closed.
func (o *Office) checkUnit(ctx context.Context, field string, id domain.UnitID) error {
	s, err := o.UnitState(ctx, id)
	if domain.KindOf(err) == domain.NotFound {
		return domain.Bad(field, "unit-unknown", "%s is no unit of the ledger", field)
	}
	if err == nil && s.Closed() && s.LastDay < o.today() {
		return domain.Refuse("unit-closed", "the unit's last day was %s", s.LastDay)
	}
	return err
}
