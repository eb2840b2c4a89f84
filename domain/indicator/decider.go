package indicator

import "github.com/jejak-kinerja/jejak/domain"

// Command is an order to the stream of one indicator.
//
//sumtype:decl
type Command interface{ indicatorCommand() }

// Decider makes the stream "indicator-<indicator id>".
var Decider = domain.Decider[State, Command, Event]{
	Category: "indicator",
	Initial:  func() State { return State{} },
	Decide:   Decide,
	Evolve:   Evolve,
}

// Decide answers a command.
func Decide(s State, command Command) ([]Event, error) {
	switch c := command.(type) {
	case Define:
		return decideDefine(s, c)
	case SetTarget:
		return decideSetTarget(s, c)
	case ReviseTarget:
		return decideReviseTarget(s, c)
	case ReportRealisation:
		return decideReportRealisation(s, c)
	case CorrectRealisation:
		return decideCorrectRealisation(s, c)
	case NoteInconsistency:
		return decideNoteInconsistency(s, c)
	}
	return nil, domain.Bad("", "command-unknown", "%T is no command of an indicator", command)
}

// defined refuses to speak of an indicator that was never defined.
func defined(s State) error {
	if !s.Exists() {
		return domain.Missing("indicator-unknown", "no such indicator")
	}
	return nil
}

// reading refuses a number that cannot stand for a period.
func reading(s State, p Period, value domain.Decimal, source Source) error {
	if err := defined(s); err != nil {
		return err
	}
	if err := CheckPeriod("period", p); err != nil {
		return err
	}
	if err := domain.CheckDecimal("value", value); err != nil {
		return err
	}
	return source.check()
}
