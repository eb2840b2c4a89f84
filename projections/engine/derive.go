package engine

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/projections"
)

// queue lets Apply write into a batch.
type queue struct{ *pgx.Batch }

func (q queue) Exec(sql string, args ...any) { q.Queue(sql, args...) }

// cut takes back what was queued since the batch had n statements.
func (q queue) cut(n int) { q.QueuedQueries = q.QueuedQueries[:n] }

// derive queues what follows from a fact. When it cannot, it queues nothing and
// says what is wrong with the fact.
func derive(p projections.Projection, out queue, fact *Fact) (fault error) {
	if fact.Err != nil {
		return fact.Err
	}
	start := out.Len()
	defer func() {
		if cause := recover(); cause != nil {
			fault = fmt.Errorf("panic: %v", cause)
		}
		if fault != nil {
			out.cut(start)
		}
	}()
	if fact.Body == nil {
		return errors.New("the fact has no body")
	}
	return p.Apply(out, fact.Recorded)
}
