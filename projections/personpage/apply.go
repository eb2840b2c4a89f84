package personpage

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
)

func apply(out projections.Statements, fact domain.Recorded) error {
	switch e := fact.Body.(type) {
	case plan.Event:
		return applyPlan(out, fact, e)
	case progress.Event:
		return applyProgress(out, fact, e)
	case feedback.Event:
		applyFeedback(out, fact, e)
	case appraisal.Event:
		return applyAppraisal(out, fact, e)
	}
	return nil
}

// id is the part of a stream's name after its category.
func id(fact domain.Recorded) string {
	_, id, _ := strings.Cut(fact.Stream, "-")
	return id
}

// inJSON writes a part of an event for a jsonb column; a nil list becomes [].
func inJSON[T any](part T) (string, error) {
	raw, err := json.Marshal(part)
	if err != nil {
		return "", fmt.Errorf("write %T: %w", part, err)
	}
	if string(raw) == "null" {
		return "[]", nil
	}
	return string(raw), nil
}
