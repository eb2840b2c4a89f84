package engine

import (
	"errors"
	"fmt"

	"github.com/jejak-kinerja/jejak/projections"
)

// derive queues what follows from a fact. When it cannot, it queues nothing and
// says what is wrong with the fact. A foreign event is no fact: nothing follows.
func derive(p projections.Projection, out *projections.Writes, fact *Fact) (fault error) {
	if fact.Err != nil {
		return fact.Err
	}
	if fact.Foreign {
		return nil
	}
	start := out.Len()
	defer func() {
		if cause := recover(); cause != nil {
			fault = fmt.Errorf("panic: %v", cause)
		}
		if fault != nil {
			out.Cut(start)
		}
	}()
	if fact.Body == nil {
		return errors.New("the fact has no body")
	}
	return p.Apply(out.Of(fact.Stream), fact.Recorded)
}
