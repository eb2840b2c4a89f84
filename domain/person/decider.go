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
	}
	return nil, domain.Bad("", "command-unknown", "%T is no command of a person", command)
}
