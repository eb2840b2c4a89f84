package domain

// Decider is everything that makes a stream: how it is named, how it starts,
// how it answers a command and how a fact moves it on. All three functions are
// pure; Decide gets time, actor and policy as values inside the command.
//
//   - Decide returns the facts that follow, or one refusal (*Error). No facts and
//     no refusal means "already so", which is success: people press twice.
//   - Evolve is total: any event of the stream, in any order, gives a state. It
//     holds no rule and never changes its argument (clone slices and maps).
type Decider[State, Command, Event any] struct {
	// Category is the stream's prefix: "plan" makes "plan-<id>". It has no dash.
	Category string
	Initial  func() State
	Decide   func(State, Command) ([]Event, error)
	Evolve   func(State, Event) State
}

// Stream names one stream of the category.
func (d Decider[S, C, E]) Stream(id string) string { return d.Category + "-" + id }

// Fold plays events on a state.
func (d Decider[S, C, E]) Fold(state S, events ...E) S {
	for _, e := range events {
		state = d.Evolve(state, e)
	}
	return state
}
