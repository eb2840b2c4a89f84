package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// AssignPost puts a person in a post of an existing unit.
func (o *Office) AssignPost(ctx context.Context, ask Ask, id domain.PersonID, in person.AssignPost) (Outcome, error) {
	return o.onPerson(ctx, o.since(ask, in.From), id, "assign-post", in, func() error {
		return o.checkUnit(ctx, "unit", in.Unit)
	})
}

// EndPost ends a holding without a successor.
func (o *Office) EndPost(ctx context.Context, ask Ask, id domain.PersonID, in person.EndPost) (Outcome, error) {
	return o.onPerson(ctx, ask, id, "end-post", in)
}

// SetReportingLine names the direct superior from a day on.
func (o *Office) SetReportingLine(ctx context.Context, ask Ask, id domain.PersonID, in person.SetReportingLine) (Outcome, error) {
	return o.onPerson(ctx, o.since(ask, in.From), id, "set-reporting-line", in, func() error {
		return o.checkNewSuperior(ctx, id, in.Superior, in.From)
	})
}

// GrantRole lets a person act for an office of the city.
func (o *Office) GrantRole(ctx context.Context, ask Ask, id domain.PersonID, in person.GrantRole) (Outcome, error) {
	return o.onPerson(ctx, o.since(ask, in.From), id, "grant-role", in)
}

// RevokeRole takes a role away after a day.
func (o *Office) RevokeRole(ctx context.Context, ask Ask, id domain.PersonID, in person.RevokeRole) (Outcome, error) {
	return o.onPerson(ctx, ask, id, "revoke-role", in)
}

// Separate ends a person's service after a day.
func (o *Office) Separate(ctx context.Context, ask Ask, id domain.PersonID, in person.Separate) (Outcome, error) {
	return o.onPerson(ctx, ask, id, "separate", in)
}

// onPerson carries out an order of the personnel agency on a person's master data.
func (o *Office) onPerson(ctx context.Context, ask Ask, id domain.PersonID, verb string, command person.Command, checks ...func() error) (Outcome, error) {
	access := func() (string, error) { return o.needMasterData(ctx, ask, person.PersonnelAgency) }
	return order(ctx, o, ask, person.Decider, string(id), verb, command, checked(access, checks...))
}

// checkServing refuses somebody who is not in the ledger, or not in service on a day.
func (o *Office) checkServing(ctx context.Context, field string, id domain.PersonID, on domain.Date) error {
	s, err := o.PersonState(ctx, id)
	if domain.KindOf(err) == domain.NotFound {
		return domain.Bad(field, "person-unknown", "%s is no person of the ledger", field)
	}
	if err == nil && !s.ServingOn(on) {
		return domain.Refuse("after-separation", "the person's last day of service is %s", s.LastDay)
	}
	return err
}

// checkNewSuperior refuses a superior who is not in service on the day, or whose
// own line leads back to the person, on that day or today.
func (o *Office) checkNewSuperior(ctx context.Context, id, superior domain.PersonID, from domain.Date) error {
	if superior == id {
		return nil // the stream itself refuses it
	}
	if err := o.checkServing(ctx, "superior", superior, from); err != nil {
		return err
	}
	for _, day := range []domain.Date{from, max(from, o.today())} {
		circle, err := o.above(ctx, superior, day, func(upper domain.PersonID) bool { return upper == id })
		if err != nil {
			return err
		}
		if circle {
			return domain.Refuse("line-circle", "the superior's own line leads back to this person")
		}
	}
	return nil
}
