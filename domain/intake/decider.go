package intake

import "github.com/jejak-kinerja/jejak/domain"

// Command is an order to the stream of one file.
//
//sumtype:decl
type Command interface{ importCommand() }

// Decider makes the stream "import-<digest of the file>".
var Decider = domain.Decider[State, Command, Event]{
	Category: "import",
	Initial:  func() State { return State{} },
	Decide:   Decide,
	Evolve:   Evolve,
}

// Decide answers a command.
func Decide(s State, command Command) ([]Event, error) {
	switch c := command.(type) {
	case Start:
		return decideStart(s, c)
	case StoreChunk:
		return decideStoreChunk(s, c)
	case Commit:
		return decideCommit(s)
	}
	return nil, domain.Bad("", "command-unknown", "%T is no command of an import", command)
}
