package main

import (
	"fmt"
	"time"

	"github.com/jejak-kinerja/jejak/projections/engine"
)

// lateTime is how old a fact may be that a read model does not show before people
// should look; the alert waits as long.
const lateTime = time.Minute

// lagging is an engine.Lag as the program prints it.
type lagging struct {
	// Seconds is the age of the oldest fact that is not shown, 0 when all are.
	Seconds *float64 `json:"lag_seconds,omitempty"`
	// Events is how many facts are not shown, when they were counted.
	Events  *int64 `json:"lag_events,omitempty"`
	retired bool
}

func laggingOf(lag engine.Lag) (l lagging) {
	if !lag.Known {
		return l
	}
	l.Seconds = new(lag.Age.Seconds())
	if lag.Behind.Known() {
		l.Events = new(int64(lag.Behind))
	}
	return l
}

// String says it in words.
func (l lagging) String() string {
	switch {
	case l.retired:
		return ""
	case l.Seconds == nil:
		return "not known"
	case *l.Seconds == 0:
		return "nothing"
	}
	age := time.Duration(*l.Seconds * float64(time.Second)).Round(time.Second / 10)
	if l.Events == nil {
		return fmt.Sprintf("%v, events not counted", age)
	}
	return fmt.Sprintf("%v, %d events", age, *l.Events)
}
