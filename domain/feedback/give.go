package feedback

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Give says something to a person about the person's work. Istilah: beri umpan balik.
type Give struct {
	Feedback domain.FeedbackID
	About    domain.PersonID
	Unit     domain.UnitID
	By       domain.PersonID
	// Relation of By to About on the day.
	Relation Relation
	Tone     Tone
	Report   domain.ReportID
	Plan     domain.PlanID
	Result   domain.ResultID
	Value    domain.Value
	Text     domain.Sealed
}

func (Give) feedbackCommand() {}

func decideGive(s State, c Give) ([]Event, error) {
	if err := checkGive(c); err != nil {
		return nil, err
	}
	if s.Exists() {
		return nil, domain.Refuse("feedback-exists", "this feedback was given already")
	}
	return []Event{Given(c)}, nil
}

func checkGive(c Give) error {
	for _, id := range []struct{ field, id string }{
		{"feedback", string(c.Feedback)}, {"about", string(c.About)}, {"by", string(c.By)},
	} {
		if err := domain.CheckID(id.field, id.id); err != nil {
			return err
		}
	}
	if c.By == c.About {
		return domain.Forbid("feedback-to-self", "nobody gives feedback to themselves")
	}
	if !slices.Contains(Relations, c.Relation) {
		return domain.Bad("relation", "relation-unknown", "the relation is one of %v", Relations)
	}
	if !slices.Contains(Tones, c.Tone) {
		return domain.Bad("tone", "tone-unknown", "the tone is one of %v", Tones)
	}
	if c.Value != "" && !slices.Contains(domain.Values, c.Value) {
		return domain.Bad("value", "value-unknown", "the value is one of %v", domain.Values)
	}
	if c.Plan == "" && c.Result != "" {
		return domain.Bad("plan", "plan-missing", "name the plan of the result")
	}
	if c.Text.Empty() {
		return domain.Bad("text", "text-missing", "say your feedback")
	}
	return nil
}
