package web

import (
	"context"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// maySee refuses whoever may not read a person's whole record.
func (s *Site) maySee(ctx context.Context, of domain.PersonID) error {
	sight, err := s.Lookup.MaySee(ctx, caller.From(ctx).Person, of)
	if err == nil && sight != commands.Full {
		err = domain.Forbid("person-not-visible", "this person's record is not open to the caller")
	}
	return err
}

// superiorOf says whether the caller is the direct superior of a person today or on a day.
func (s *Site) superiorOf(ctx context.Context, of domain.PersonID, on domain.Date) (bool, error) {
	p, err := s.Lookup.PersonState(ctx, of)
	if err != nil {
		return false, err
	}
	me := caller.From(ctx).Person
	return me != "" && (p.SuperiorOn(s.today()) == me || on != "" && p.SuperiorOn(on) == me), nil
}
