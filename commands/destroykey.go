package commands

import (
	"context"
	"errors"
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// DestroyKey records that the key of one record class of a person is destroyed,
// on which basis, and then destroys it: nothing is lost without a fact that says
// so. A repeat destroys again, which finishes what a crash between the two left.
func (o *Office) DestroyKey(ctx context.Context, ask Ask, id domain.PersonID, class, basis string) (Outcome, error) {
	if o.Keys == nil {
		return Outcome{}, errors.New("destroy key: no keys are given to the office")
	}
	command := person.Command(person.DestroyKey{Class: class, Basis: basis})
	out, err := order(ctx, o, ask, person.Decider, string(id), "destroy-key", command, func() (string, error) {
		return o.needRole(ctx, ask.Actor, person.PersonnelAgency)
	})
	if err != nil {
		return Outcome{}, err
	}
	if err := o.Keys.Destroy(ctx, id, class); err != nil {
		return out, fmt.Errorf("destroy key: %w", err)
	}
	return out, nil
}
