package plan

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Open starts a plan. Istilah: buka SKP.
type Open struct {
	Plan      domain.PlanID
	Person    domain.PersonID
	Appraiser domain.PersonID
	Unit      domain.UnitID
	Post      string
	Leader    bool
	Span      domain.Span
	Acting    domain.Capacity
}

func (Open) planCommand() {}

func decideOpen(s State, c Open) ([]Event, error) {
	if err := checkOpen(c); err != nil {
		return nil, err
	}
	if !s.Exists() {
		return []Event{Opened(c)}, nil
	}
	if s.Person == c.Person && s.Unit == c.Unit && s.Post == c.Post && s.Span == c.Span && s.Acting == c.Acting {
		return nil, nil
	}
	return nil, domain.Refuse("plan-already-opened", "this plan was opened for %s to %s", s.Span.From, s.Span.Until)
}

func checkOpen(c Open) error {
	for _, id := range []struct{ field, id string }{
		{"plan", string(c.Plan)}, {"person", string(c.Person)}, {"unit", string(c.Unit)},
	} {
		if err := domain.CheckID(id.field, id.id); err != nil {
			return err
		}
	}
	if c.Appraiser == c.Person {
		return domain.Forbid("own-appraiser", "nobody appraises their own plan")
	}
	if err := domain.CheckWording("post", c.Post); err != nil {
		return err
	}
	if !slices.Contains([]domain.Capacity{"", domain.ActingVacant, domain.ActingAbsent}, c.Acting) {
		return domain.Bad("acting", "acting-unknown", "an acting post is %s or %s", domain.ActingVacant, domain.ActingAbsent)
	}
	if err := domain.CheckDate("from", c.Span.From); err != nil {
		return err
	}
	if err := domain.CheckDate("until", c.Span.Until); err != nil {
		return err
	}
	if c.Span.Until < c.Span.From {
		return domain.Bad("until", "span-backwards", "a plan ends after it starts")
	}
	if c.Span.From[:4] != c.Span.Until[:4] {
		return domain.Bad("until", "span-over-years", "a plan lies within one calendar year")
	}
	return nil
}
