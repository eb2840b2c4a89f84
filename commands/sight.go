package commands

import (
	"context"
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// Sight is how much of a person's record somebody may see.
type Sight int

const (
	// Public is name, post and unit.
	Public Sight = iota
	// Full is the whole record: plan, reports, feedback, appraisals and their history.
	Full
)

// Bond is how an actor stands to a person today.
type Bond struct {
	// Self is the person's own eyes.
	Self bool
	// Serving says that the actor is in service.
	Serving bool
	// Superior now or at any time before: who judged must be able to answer for it.
	Superior bool
	// UpperLine is a superior of the superior, today.
	UpperLine bool
	// LeadsUnit heads the unit of the person's main post today, definitively or acting;
	// the holder too while somebody acts for them.
	LeadsUnit bool
	// Roles the actor holds today.
	Roles []person.Role
}

// seeingRoles see every person's record: to keep it, to audit it, to answer for it.
var seeingRoles = []person.Role{person.PersonnelAgency, person.Inspectorate, person.CityLeadership}

// Sight decides: one's own record always; others' only while in service, by line,
// by unit or by role. Whoever runs the machine sees no more than anybody.
func (b Bond) Sight() Sight {
	switch {
	case b.Self:
		return Full
	case !b.Serving:
		return Public
	case b.Superior, b.UpperLine, b.LeadsUnit:
		return Full
	case slices.ContainsFunc(b.Roles, func(r person.Role) bool { return slices.Contains(seeingRoles, r) }):
		return Full
	}
	return Public
}

// MaySee says how much the actor may see of a person today; an empty actor is the
// public. Refused when there is no such person.
func (l Lookup) MaySee(ctx context.Context, actor, of domain.PersonID) (Sight, error) {
	subject, err := l.PersonState(ctx, of)
	if err != nil {
		return Public, err
	}
	bond, err := l.bond(ctx, actor, subject)
	return bond.Sight(), err
}

// bond collects what is needed, the cheap things first, and no more once the
// answer is known.
func (l Lookup) bond(ctx context.Context, actor domain.PersonID, subject person.State) (Bond, error) {
	if actor == "" || actor == subject.Person {
		return Bond{Self: actor != ""}, nil
	}
	a, err := l.PersonState(ctx, actor)
	if domain.KindOf(err) == domain.NotFound {
		return Bond{}, nil
	}
	if err != nil {
		return Bond{}, err
	}
	today := l.today()
	b := Bond{
		Serving:  a.ServingOn(today),
		Superior: slices.ContainsFunc(subject.Lines, func(line person.Line) bool { return line.Superior == actor && line.From <= today }),
	}
	for _, r := range person.Roles {
		if a.HasRole(r, today) {
			b.Roles = append(b.Roles, r)
		}
	}
	if b.Sight() == Full || !b.Serving {
		return b, nil
	}
	if b.LeadsUnit, err = l.leadsUnit(ctx, actor, subject, today); err != nil || b.LeadsUnit {
		return b, err
	}
	b.UpperLine, err = l.above(ctx, subject.Person, today, func(upper domain.PersonID) bool { return upper == actor })
	return b, err
}

func (l Lookup) leadsUnit(ctx context.Context, actor domain.PersonID, subject person.State, on domain.Date) (bool, error) {
	post, ok := subject.MainPostOn(on)
	if !ok {
		return false, nil
	}
	u, err := l.UnitState(ctx, post.Unit)
	if domain.KindOf(err) == domain.NotFound {
		return false, nil
	}
	return u.Leads(actor, on), err
}
