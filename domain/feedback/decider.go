package feedback

import "github.com/jejak-kinerja/jejak/domain"

// Command is an order to the stream of one piece of feedback.
//
//sumtype:decl
type Command interface{ feedbackCommand() }

// Decider makes the stream "feedback-<feedback id>".
var Decider = domain.Decider[State, Command, Event]{
	Category: "feedback",
	Initial:  func() State { return State{} },
	Decide:   Decide,
	Evolve:   Evolve,
}

// Decide answers a command.
func Decide(s State, command Command) ([]Event, error) {
	switch c := command.(type) {
	case Give:
		return decideGive(s, c)
	case MarkRead:
		return decideMarkRead(s, c)
	case ReplyTo:
		return decideReplyTo(s, c)
	case Dispute:
		return decideDispute(s, c)
	}
	return nil, domain.Bad("", "command-unknown", "%T is no command of feedback", command)
}

// asPerson refuses everybody but the person whom it is about.
func (s State) asPerson(by domain.PersonID) error {
	if !s.Exists() {
		return unknown()
	}
	if by == "" || by != s.About {
		return domain.Forbid("not-the-person", "only the person whom the feedback is about may do this")
	}
	return nil
}

func unknown() error { return domain.Missing("feedback-unknown", "no such feedback") }

// afterReading puts Read before the person's first word.
func (s State) afterReading(fact Event) []Event {
	if s.Seen {
		return []Event{fact}
	}
	return []Event{Read{}, fact}
}
