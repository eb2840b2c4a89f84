package appraisal

import "github.com/jejak-kinerja/jejak/domain"

// RateResult judges the work's results. Istilah: beri rating hasil kerja.
type RateResult struct {
	By     domain.PersonID
	Rating Rating
	Note   domain.Sealed
	// Expected are the main results of the plan; each needs a realisation.
	Expected []domain.ResultID
}

func (RateResult) appraisalCommand() {}

func decideRateResult(s State, c RateResult) ([]Event, error) {
	if err := s.asAppraiser(c.By); err != nil {
		return nil, err
	}
	if err := checkRating("rating", c.Rating); err != nil {
		return nil, err
	}
	if s.Result != "" {
		if s.Result == c.Rating && c.Note.Empty() {
			return nil, nil
		}
		return nil, alreadyRated()
	}
	if len(s.Realisations) == 0 {
		return nil, domain.Refuse("realisation-missing", "record what was reached first")
	}
	for _, id := range c.Expected {
		if _, ok := s.Realisation(id); !ok {
			return nil, domain.Refuse("realisation-missing", "main result %s has no realisation", id)
		}
	}
	return s.derived(ResultRated{c.Rating, c.Note}), nil
}

func alreadyRated() error {
	return domain.Refuse("already-rated", "the rating stands: change the score, with a reason")
}
