package policy

import "github.com/jejak-kinerja/jejak/domain"

// Command is an order to the stream of one family of policy versions.
//
//sumtype:decl
type Command interface{ policyCommand() }

// Decider makes the stream "policy-<policy id>".
var Decider = domain.Decider[State, Command, Event]{
	Category: "policy",
	Initial:  func() State { return State{} },
	Decide:   Decide,
	Evolve:   Evolve,
}

// Decide answers a command.
func Decide(s State, command Command) ([]Event, error) {
	switch c := command.(type) {
	case Publish:
		return decidePublish(s, c)
	case Retire:
		return decideRetire(s, c)
	}
	return nil, domain.Bad("", "command-unknown", "%T is no command of a policy", command)
}
