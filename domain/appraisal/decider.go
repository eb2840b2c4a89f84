package appraisal

import "github.com/jejak-kinerja/jejak/domain"

// Command is an order to the stream of one appraisal.
//
//sumtype:decl
type Command interface{ appraisalCommand() }

// Decider makes the stream "appraisal-<appraisal id>".
var Decider = domain.Decider[State, Command, Event]{
	Category: "appraisal",
	Initial:  func() State { return State{} },
	Decide:   Decide,
	Evolve:   Evolve,
}

// Decide answers a command.
func Decide(s State, command Command) ([]Event, error) {
	switch c := command.(type) {
	case Open:
		return decideOpen(s, c)
	case RecordRealisation:
		return decideRecordRealisation(s, c)
	case RateResult:
		return decideRateResult(s, c)
	case RateBehaviour:
		return decideRateBehaviour(s, c)
	case ChangeScore:
		return decideChangeScore(s, c)
	case Deliver:
		return decideDeliver(s, c)
	case Receive:
		return decideReceive(s, c)
	}
	return nil, domain.Bad("", "command-unknown", "%T is no command of an appraisal", command)
}

// exists refuses an appraisal that was never opened.
func (s State) exists() error {
	if !s.Exists() {
		return domain.Missing("appraisal-unknown", "no such appraisal")
	}
	return nil
}

// asAppraiser refuses everybody but the appraiser.
func (s State) asAppraiser(by domain.PersonID) error {
	if err := s.exists(); err != nil {
		return err
	}
	if by == "" || by != s.Appraiser {
		return domain.Forbid("not-the-appraiser", "only the appraiser may do this")
	}
	return nil
}

// derived adds the predicate to the facts when both ratings are there.
func (s State) derived(facts ...Event) []Event {
	after := s
	for _, fact := range facts {
		after = Evolve(after, fact)
	}
	if p, ok := PredicateOf(after.Result, after.Behaviour); ok {
		facts = append(facts, PredicateDerived{after.Result, after.Behaviour, p})
	}
	return facts
}

func checkRating(field string, r Rating) error {
	if _, ok := PredicateOf(r, AsExpected); !ok {
		return domain.Bad(field, "rating-unknown", "a rating is one of %v", Ratings)
	}
	return nil
}
