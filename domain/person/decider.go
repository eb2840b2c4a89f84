package person

import "github.com/jejak-kinerja/jejak/domain"

// Command is an order to the stream of one person.
//
//sumtype:decl
type Command interface{ personCommand() }

// Decider makes the stream "person-<person id>".
var Decider = domain.Decider[State, Command, Event]{
	Category: "person",
	Initial:  func() State { return State{} },
	Decide:   Decide,
	Evolve:   Evolve,
}

// Decide answers a command.
func Decide(s State, command Command) ([]Event, error) {
	switch c := command.(type) {
	case Register:
		return decideRegister(s, c)
	case AssignPost:
		return decideAssignPost(s, c)
	case EndPost:
		return decideEndPost(s, c)
	case SetReportingLine:
		return decideSetReportingLine(s, c)
	case CorrectReportingLine:
		return decideCorrectReportingLine(s, c)
	case QuestionLine:
		return decideQuestionLine(s, c)
	case GrantRole:
		return decideGrantRole(s, c)
	case RevokeRole:
		return decideRevokeRole(s, c)
	case Separate:
		return decideSeparate(s, c)
	case DestroyKey:
		return decideDestroyKey(s, c)
	}
	return nil, domain.Bad("", "command-unknown", "%T is no command of a person", command)
}

// known refuses to speak of somebody who was never registered.
func known(s State) error {
	if !s.Exists() {
		return domain.Missing("person-unknown", "no such person")
	}
	return nil
}

// serving refuses what is to hold from a day after the last day of service.
func serving(s State, from domain.Date) error {
	if err := known(s); err != nil {
		return err
	}
	if err := domain.CheckDate("from", from); err != nil {
		return err
	}
	if !s.ServingOn(from) {
		return domain.Refuse("after-separation", "the person's last day of service is %s", s.LastDay)
	}
	return nil
}
