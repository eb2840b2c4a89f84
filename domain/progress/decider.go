package progress

import "github.com/jejak-kinerja/jejak/domain"

// Command is an order to the stream of one report.
//
//sumtype:decl
type Command interface{ progressCommand() }

// Decider makes the stream "progress-<report id>".
var Decider = domain.Decider[State, Command, Event]{
	Category: "progress",
	Initial:  func() State { return State{} },
	Decide:   Decide,
	Evolve:   Evolve,
}

// Decide answers a command.
func Decide(s State, command Command) ([]Event, error) {
	switch c := command.(type) {
	case Report:
		return decideReport(s, c)
	case Correct:
		return decideCorrect(s, c)
	case Acknowledge:
		return decideAcknowledge(s, c)
	case Question:
		return decideQuestion(s, c)
	case Answer:
		return decideAnswer(s, c)
	case Withdraw:
		return decideWithdraw(s, c)
	}
	return nil, domain.Bad("", "command-unknown", "%T is no command of a report", command)
}

// open refuses a report that does not exist or was taken back.
func (s State) open() error {
	if !s.Exists() {
		return domain.Missing("report-unknown", "no such report")
	}
	if s.Status == TakenBack {
		return domain.Refuse("report-withdrawn", "the report was withdrawn")
	}
	return nil
}

// asAuthor refuses everybody but the author.
func (s State) asAuthor(by domain.PersonID) error {
	if err := s.open(); err != nil {
		return err
	}
	if by == "" || by != s.Person {
		return domain.Forbid("not-the-author", "only the author of the report may do this")
	}
	return nil
}

// asSuperior refuses the author, and everybody who is neither the superior named
// in the report nor the one that the reporting line gives.
func (s State) asSuperior(by, onFile domain.PersonID) error {
	if err := s.open(); err != nil {
		return err
	}
	if by != "" && by == s.Person {
		return domain.Forbid("own-report", "nobody answers their own report")
	}
	if by == "" || by != s.Superior && by != onFile {
		return domain.Forbid("not-the-superior", "only the superior may do this")
	}
	return nil
}
