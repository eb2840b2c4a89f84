package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// Authorities by which somebody may ask; stored with every fact.
const (
	OwnMatter      = "self"
	AsSuperior     = "direct-superior"
	AsUpperLine    = "superiors-superior"
	AsColleague    = "colleague"
	ByRole         = "role:" // + person.Role
	ByImport       = "import"
	ByRegistration = "bootstrap"
)

// needService refuses an actor who is not a serving civil servant today.
func (o *Office) needService(ctx context.Context, actor domain.PersonID) (person.State, error) {
	if actor == "" {
		return person.State{}, &domain.Error{Kind: domain.Unauthenticated, Slug: "login-needed", Detail: "nobody is logged in"}
	}
	s, err := o.PersonState(ctx, actor)
	if domain.KindOf(err) == domain.NotFound {
		return s, &domain.Error{Kind: domain.Unauthenticated, Slug: "login-unknown", Detail: "the person logged in is not in the ledger"}
	}
	if err == nil && !s.ServingOn(o.today()) {
		err = domain.Forbid("not-in-service", "this person has left the service")
	}
	return s, err
}

// needRole refuses an actor without the role today and gives the authority to record.
func (o *Office) needRole(ctx context.Context, actor domain.PersonID, role person.Role) (string, error) {
	return o.needAnyRole(ctx, actor, role)
}

// needAnyRole refuses an actor with none of the roles today and gives the
// authority of the first one held.
func (o *Office) needAnyRole(ctx context.Context, actor domain.PersonID, roles ...person.Role) (string, error) {
	s, err := o.needService(ctx, actor)
	if err != nil {
		return "", err
	}
	for _, role := range roles {
		if s.HasRole(role, o.today()) {
			return ByRole + string(role), nil
		}
	}
	return "", domain.Forbid("role-needed", "this needs one of the roles %v", roles)
}

// needMasterData is needAnyRole for what an empty ledger must first be told:
// the operator at the machine may do it too while Bootstrap is on.
func (o *Office) needMasterData(ctx context.Context, a Ask, roles ...person.Role) (string, error) {
	if o.Bootstrap && a.Actor == "" && a.Capacity == domain.System {
		switch a.Source {
		case domain.FromImport:
			return ByImport, nil
		case domain.FromDemo:
			return ByRegistration, nil
		}
	}
	return o.needAnyRole(ctx, a.Actor, roles...)
}

// needSuperior refuses an actor who is not the direct superior of the person on a day.
func (o *Office) needSuperior(ctx context.Context, actor, of domain.PersonID, on domain.Date) (string, error) {
	if _, err := o.needService(ctx, actor); err != nil {
		return "", err
	}
	s, err := o.PersonState(ctx, of)
	if err != nil {
		return "", err
	}
	if s.SuperiorOn(on) != actor {
		return "", domain.Forbid("not-the-superior", "only the direct superior may do this")
	}
	return AsSuperior, nil
}
