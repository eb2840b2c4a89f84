package engine

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/projections"
)

// queue lets Apply write into a batch.
type queue struct {
	*pgx.Batch
	bulk *projections.Bulk
}

func newQueue() queue { return queue{&pgx.Batch{}, &projections.Bulk{}} }

func (q queue) Exec(sql string, args ...any)  { q.Queue(sql, args...) }
func (q queue) Row(sql string, values ...any) { q.bulk.Add(sql, values...) }

// flush queues the rows collected.
func (q queue) flush() { q.bulk.Flush(q.Exec) }

// mark is a moment of a queue.
type mark struct{ statements, rows int }

func (q queue) mark() mark { return mark{q.Len(), q.bulk.Len()} }
func (m mark) size() int   { return m.statements + m.rows }

// cut takes back what was queued since.
func (q queue) cut(m mark) {
	q.QueuedQueries = q.QueuedQueries[:m.statements]
	q.bulk.Cut(m.rows)
}

// derive queues what follows from a fact. When it cannot, it queues nothing and
// says what is wrong with the fact.
func derive(p projections.Projection, out queue, fact *Fact) (fault error) {
	if fact.Err != nil {
		return fact.Err
	}
	start := out.mark()
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
