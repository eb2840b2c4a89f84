package unit

import "github.com/jejak-kinerja/jejak/domain"

// Command is an order to the stream of one unit.
//
//sumtype:decl
type Command interface{ unitCommand() }

// Decider makes the stream "unit-<unit id>".
var Decider = domain.Decider[State, Command, Event]{
	Category: "unit",
	Initial:  func() State { return State{} },
	Decide:   Decide,
	Evolve:   Evolve,
}

// Decide answers a command.
func Decide(s State, command Command) ([]Event, error) {
	switch c := command.(type) {
	case Establish:
		return decideEstablish(s, c)
	case Rename:
		return decideRename(s, c)
	case AliasCode:
		return decideAliasCode(s, c)
	case AppointHead:
		return decideAppointHead(s, c)
	case ReleaseHead:
		return decideReleaseHead(s, c)
	case AssignActingHead:
		return decideAssignActingHead(s, c)
	case EndActingHead:
		return decideEndActingHead(s, c)
	case Close:
		return decideClose(s, c)
	}
	return nil, domain.Bad("", "command-unknown", "%T is no command of a unit", command)
}

// open refuses a unit that was never established or is closed.
func open(s State) error {
	if !s.Exists() {
		return domain.Missing("unit-unknown", "no such unit")
	}
	if s.Closed() {
		return domain.Refuse("unit-closed", "the unit's last day was %s", s.LastDay)
	}
	return nil
}

// openFrom is open for what is to hold from a day on.
func openFrom(s State, from domain.Date) error {
	if err := open(s); err != nil {
		return err
	}
	if err := domain.CheckDate("from", from); err != nil {
		return err
	}
	if from < s.From {
		return domain.Bad("from", "before-unit", "the unit exists from %s on", s.From)
	}
	return nil
}
