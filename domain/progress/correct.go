package progress

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Correct says it better, with a reason; what was said stays in the record.
// Istilah: betulkan laporan.
type Correct struct {
	By       domain.PersonID
	Quantity domain.Decimal
	Measure  string
	Text     domain.Sealed
	Reason   domain.Sealed
	Evidence []domain.Evidence
}

func (Correct) progressCommand() {}

func decideCorrect(s State, c Correct) ([]Event, error) {
	if err := s.asAuthor(c.By); err != nil {
		return nil, err
	}
	if err := checkSaid(c.Quantity, c.Measure, c.Text, c.Evidence); err != nil {
		return nil, err
	}
	if c.Reason.Empty() {
		return nil, domain.Bad("reason", "reason-missing", "say why the report is corrected")
	}
	if s.Quantity == c.Quantity && s.Measure == c.Measure && s.Text == c.Text && slices.Equal(s.Evidence, c.Evidence) {
		return nil, nil
	}
	return []Event{Corrected{Version: s.Version + 1, Quantity: c.Quantity, Measure: c.Measure,
		Text: c.Text, Reason: c.Reason, Evidence: c.Evidence}}, nil
}
