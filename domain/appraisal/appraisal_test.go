package appraisal_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/spec"
)

// Budi appraises Ina, Cut is Budi's superior; all are invented.
const (
	ina  domain.PersonID = "ina"
	budi domain.PersonID = "budi"
	cut  domain.PersonID = "cut"
)

func opened() appraisal.Opened {
	return appraisal.Opened{Appraisal: "a", Person: ina, Appraiser: budi, Unit: "dinas", Plan: "p", Kind: appraisal.Annual,
		Span: domain.Span{From: "2026-01-01", Until: "2026-12-31"}}
}

func reached(id domain.ResultID) appraisal.RealisationRecorded {
	return appraisal.RealisationRecorded{Result: id, Quantity: domain.Whole(12), Measure: "laporan", Reports: []domain.ReportID{"x"}}
}

func seven(r appraisal.Rating) []appraisal.ValueRating {
	var list []appraisal.ValueRating
	for _, v := range domain.Values {
		list = append(list, appraisal.ValueRating{Value: v, Rating: r})
	}
	return list
}

func predicate(result, behaviour appraisal.Rating, p appraisal.Predicate) appraisal.PredicateDerived {
	return appraisal.PredicateDerived{Result: result, Behaviour: behaviour, Predicate: p}
}

var (
	resultRated    = appraisal.ResultRated{Rating: appraisal.Above}
	behaviourRated = appraisal.BehaviourRated{Values: seven(appraisal.AsExpected), Rating: appraisal.AsExpected}
	good           = predicate(appraisal.Above, appraisal.AsExpected, appraisal.Good)
)

func rated() []appraisal.Event {
	return []appraisal.Event{opened(), reached("r1"), resultRated, behaviourRated, good}
}

func delivered() []appraisal.Event { return append(rated(), appraisal.Delivered{}) }

func given(t *testing.T, facts ...appraisal.Event) spec.Case[appraisal.State, appraisal.Command, appraisal.Event] {
	t.Helper()
	return spec.Given(t, appraisal.Decider, facts...)
}

func TestEvolveIsTotal(t *testing.T) {
	spec.EvolveIsTotal(t, appraisal.Decider, spec.AnyEvent[appraisal.Event](appraisal.Stored, "sesuai", "di-atas", "hasil-kerja", "perilaku-kerja"))
}

func TestNothingHappensToAnAppraisalThatWasNeverOpened(t *testing.T) {
	for _, c := range []appraisal.Command{
		appraisal.RecordRealisation{By: budi, Result: "r1", Reports: []domain.ReportID{"x"}},
		appraisal.RateResult{By: budi, Rating: appraisal.Above},
		appraisal.RateBehaviour{By: budi, Rating: appraisal.Above, Values: seven(appraisal.Above)},
		appraisal.ChangeScore{By: budi, Authority: appraisal.ByAppraiser},
		appraisal.Deliver{By: budi},
		appraisal.Receive{By: ina},
	} {
		given(t).When(c).ThenRefused("appraisal-unknown")
	}
}

// The predicate is a pure function of the two ratings, whoever presses what.
func TestThePredicateAlwaysFollowsFromTheRatings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := appraisal.Decider.Fold(appraisal.Decider.Initial(), opened())
		person := rapid.SampledFrom([]domain.PersonID{ina, budi, cut, ""})
		rating := rapid.SampledFrom(appraisal.Ratings)
		for range rapid.IntRange(0, 30).Draw(t, "presses") {
			by, r := person.Draw(t, "by"), rating.Draw(t, "rating")
			was := s
			command := rapid.SampledFrom([]appraisal.Command{
				appraisal.RecordRealisation{By: by, Result: "r1", Reports: []domain.ReportID{"x"}},
				appraisal.RateResult{By: by, Rating: r, Expected: []domain.ResultID{"r1"}},
				appraisal.RateBehaviour{By: by, Rating: r, Values: seven(r)},
				appraisal.ChangeScore{By: by, Dimension: appraisal.OfResult, Old: s.Result, New: r, Reason: "w", Superior: cut,
					Authority: rapid.SampledFrom([]appraisal.Authority{appraisal.ByAppraiser, appraisal.ByAppraisersSuperior}).Draw(t, "authority")},
				appraisal.ChangeScore{By: by, Dimension: appraisal.OfBehaviour, Old: s.Behaviour, New: r, Reason: "w", Superior: by,
					Authority: appraisal.ByAppraisersSuperior},
				appraisal.Deliver{By: by},
				appraisal.Receive{By: by},
			}).Draw(t, "command")
			facts, err := appraisal.Decide(s, command)
			if err != nil {
				continue
			}
			s = appraisal.Decider.Fold(s, facts...)
			want, _ := appraisal.PredicateOf(s.Result, s.Behaviour)
			if s.Predicate != want {
				t.Fatalf("predicate %q of %q and %q, want %q", s.Predicate, s.Result, s.Behaviour, want)
			}
			if by == ina && (s.Result != was.Result || s.Behaviour != was.Behaviour) {
				t.Fatal("somebody changed their own score")
			}
			if was.Delivered && by == budi && (s.Result != was.Result || s.Behaviour != was.Behaviour) {
				t.Fatal("the appraiser changed a score after delivery")
			}
		}
	})
}
