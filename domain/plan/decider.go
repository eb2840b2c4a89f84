package plan

import "github.com/jejak-kinerja/jejak/domain"

// Command is an order to the stream of one plan.
//
//sumtype:decl
type Command interface{ planCommand() }

// Edit is a command that changes the content. Several are often given together.
type Edit interface {
	Command
	// Author gives the same edit in the name of a person.
	Author(by domain.PersonID) Edit
}

// Decider makes the stream "plan-<plan id>".
var Decider = domain.Decider[State, Command, Event]{
	Category: "plan",
	Initial:  func() State { return State{} },
	Decide:   Decide,
	Evolve:   Evolve,
}

// Decide answers a command.
func Decide(s State, command Command) ([]Event, error) {
	switch c := command.(type) {
	case Open:
		return decideOpen(s, c)
	case ChangeAppraiser:
		return decideChangeAppraiser(s, c)
	case AddResult:
		return decideAddResult(s, c)
	case AmendResult:
		return decideAmendResult(s, c)
	case WithdrawResult:
		return decideWithdrawResult(s, c)
	case SetIndicator:
		return decideSetIndicator(s, c)
	case RemoveIndicator:
		return decideRemoveIndicator(s, c)
	case ExpectBehaviour:
		return decideExpectBehaviour(s, c)
	case Submit:
		return decideSubmit(s, c)
	case Return:
		return decideReturn(s, c)
	case SignAsEmployee:
		return decideSignAsEmployee(s, c)
	case SignAsAppraiser:
		return decideSignAsAppraiser(s, c)
	case WithdrawSignature:
		return decideWithdrawSignature(s, c)
	case Close:
		return decideClose(s, c)
	}
	return nil, domain.Bad("", "command-unknown", "%T is no command of a plan", command)
}

// open refuses a plan that was never opened or is closed.
func (s State) open() error {
	if !s.Exists() {
		return domain.Missing("plan-unknown", "no such plan")
	}
	if s.Status == Ended {
		return domain.Refuse("plan-closed", "the plan was closed with %s", s.LastDay)
	}
	return nil
}

// asEmployee refuses everybody but the person whose plan it is.
func (s State) asEmployee(by domain.PersonID) error {
	if err := s.open(); err != nil {
		return err
	}
	if by == "" || by != s.Person {
		return domain.Forbid("not-the-employee", "only the employee whose plan it is may do this")
	}
	return nil
}

// asAppraiser refuses everybody but the plan's appraiser.
func (s State) asAppraiser(by domain.PersonID) error {
	if err := s.open(); err != nil {
		return err
	}
	if by != "" && by == s.Person {
		return domain.Forbid("own-appraiser", "nobody appraises their own plan")
	}
	if by == "" || by != s.Appraiser {
		return domain.Forbid("not-the-appraiser", "only the plan's appraiser may do this")
	}
	return nil
}

// writable refuses an edit by anybody else, and of an established content.
func (s State) writable(by domain.PersonID) error {
	if err := s.asEmployee(by); err != nil {
		return err
	}
	if s.Status == Valid {
		return domain.Refuse("plan-established", "withdraw a signature first: that opens a draft of version %d", s.DraftVersion())
	}
	return nil
}
