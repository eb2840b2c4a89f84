package appraisal

import "github.com/jejak-kinerja/jejak/domain"

// MaxReferenceBytes is the longest name of a decision: an id or a letter's number.
const MaxReferenceBytes = 100

// ChangeScore replaces one rating. Istilah: ubah nilai.
type ChangeScore struct {
	By        domain.PersonID
	Dimension Dimension
	// Old is the rating that By saw; it must be the present one.
	Old       Rating
	New       Rating
	Reason    domain.Sealed
	Authority Authority
	Reference string
	// Superior is the appraiser's direct superior; empty when none is on file.
	Superior domain.PersonID
}

func (ChangeScore) appraisalCommand() {}

func decideChangeScore(s State, c ChangeScore) ([]Event, error) {
	if err := s.mayChange(c); err != nil {
		return nil, err
	}
	if c.Dimension != OfResult && c.Dimension != OfBehaviour {
		return nil, domain.Bad("dimension", "dimension-unknown", "what is rated is %s or %s", OfResult, OfBehaviour)
	}
	if err := checkRating("new", c.New); err != nil {
		return nil, err
	}
	if c.Reason.Empty() {
		return nil, domain.Bad("reason", "reason-missing", "say why the score is changed")
	}
	if len(c.Reference) > MaxReferenceBytes {
		return nil, domain.Bad("reference", "reference-too-long", "a reference has at most %d bytes", MaxReferenceBytes)
	}
	if err := domain.CheckOptionalText("reference", c.Reference); err != nil {
		return nil, err
	}
	present := s.Rating(c.Dimension)
	switch {
	case present == "":
		return nil, domain.Refuse("not-rated", "there is no rating to change yet")
	case present != c.Old:
		return nil, &domain.Error{Kind: domain.Conflict, Slug: "score-moved", Field: "old",
			Detail: "the rating is no longer the one you saw: load it again"}
	case present == c.New:
		return nil, domain.Bad("new", "score-unchanged", "the new rating is the old one")
	}
	return s.derived(ScoreChanged{c.Dimension, c.Old, c.New, c.Reason, c.Authority, c.Reference}), nil
}

// mayChange holds who changes a score, in what office and when.
func (s State) mayChange(c ChangeScore) error {
	if err := s.exists(); err != nil {
		return err
	}
	if c.By != "" && c.By == s.Person {
		return domain.Forbid("own-score", "nobody changes their own score")
	}
	switch c.Authority {
	case ByAppraiser:
		if err := s.asAppraiser(c.By); err != nil {
			return err
		}
		if s.Delivered {
			return domain.Refuse("appraisal-delivered", "after delivery only the appraiser's superior changes a score")
		}
	case ByAppraisersSuperior:
		if c.By == "" || c.By != c.Superior || c.By == s.Appraiser {
			return domain.Forbid("not-the-appraisers-superior", "only the appraiser's superior may do this")
		}
		if !s.Delivered {
			return domain.Refuse("appraisal-not-delivered", "before delivery the appraiser changes a score")
		}
	default:
		return domain.Bad("authority", "authority-unknown", "the authority is %s or %s", ByAppraiser, ByAppraisersSuperior)
	}
	return nil
}
