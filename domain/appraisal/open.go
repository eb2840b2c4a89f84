package appraisal

import "github.com/jejak-kinerja/jejak/domain"

// Open starts the appraisal of one person for one period. Istilah: buka evaluasi kinerja.
type Open struct {
	Appraisal domain.AppraisalID
	Person    domain.PersonID
	Appraiser domain.PersonID
	Unit      domain.UnitID
	Plan      domain.PlanID
	Kind      Kind
	Span      domain.Span
}

func (Open) appraisalCommand() {}

func decideOpen(s State, c Open) ([]Event, error) {
	if err := checkOpen(c); err != nil {
		return nil, err
	}
	if !s.Exists() {
		return []Event{Opened(c)}, nil
	}
	if s.Person == c.Person && s.Appraiser == c.Appraiser && s.Plan == c.Plan && s.Kind == c.Kind && s.Span == c.Span {
		return nil, nil
	}
	return nil, domain.Refuse("appraisal-already-opened", "this appraisal was opened for %s to %s", s.Span.From, s.Span.Until)
}

func checkOpen(c Open) error {
	for _, id := range []struct{ field, id string }{
		{"appraisal", string(c.Appraisal)}, {"person", string(c.Person)}, {"appraiser", string(c.Appraiser)}, {"unit", string(c.Unit)},
	} {
		if err := domain.CheckID(id.field, id.id); err != nil {
			return err
		}
	}
	if c.Appraiser == c.Person {
		return domain.Forbid("own-appraiser", "nobody appraises themselves")
	}
	if c.Kind != Periodic && c.Kind != Annual {
		return domain.Bad("kind", "appraisal-kind-unknown", "an appraisal is %s or %s", Periodic, Annual)
	}
	if err := domain.CheckDate("from", c.Span.From); err != nil {
		return err
	}
	if err := domain.CheckDate("until", c.Span.Until); err != nil {
		return err
	}
	if c.Span.Until < c.Span.From {
		return domain.Bad("until", "span-backwards", "a period ends after it starts")
	}
	return nil
}
