package projections

import (
	"cmp"
	"reflect"
	"slices"
)

// Writes collects what Apply queues for many facts and puts it into few
// statements. Writes of one stream keep their order; those of different streams
// may be sent in any. The zero Writes is empty. Not for concurrent use.
type Writes struct{ list []write }

type write struct {
	stream, sql string
	args        []any
	how         how
}

type how int

const (
	alone    how = iota // Exec: its own statement
	together            // Each: one statement with others of the same rank and turn
	atEnd               // Append: one statement with all others, after everything
)

// Of gives the Statements for a fact of the stream.
func (w *Writes) Of(stream string) Statements { return writesOf{w, stream} }

type writesOf struct {
	*Writes
	stream string
}

func (w writesOf) Exec(sql string, args ...any) {
	w.list = append(w.list, write{w.stream, sql, args, alone})
}
func (w writesOf) Each(sql string, values ...any) {
	w.list = append(w.list, write{w.stream, sql, values, together})
}
func (w writesOf) Append(sql string, values ...any) {
	w.list = append(w.list, write{w.stream, sql, values, atEnd})
}

// BulkSettings tell PostgreSQL, until the end of the transaction, how to run what
// Flush sends: each row is looked up by its index, whatever the planner believes
// of tables that were empty a moment ago.
const BulkSettings = `select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
	set_config('enable_mergejoin', 'off', true), set_config('enable_memoize', 'off', true)`

// MoreFollows tells PostgreSQL that this commit need not wait for the disk: rows
// and checkpoint come back from the log, and only together. It is for who has more
// facts in hand. The last commit must be durable: when a crash takes back what
// nothing follows, nobody finds out.
const MoreFollows = `set local synchronous_commit = off`

// Len is the number of writes collected.
func (w *Writes) Len() int { return len(w.list) }

// Cut takes back what was added since there were n writes.
func (w *Writes) Cut(n int) { w.list = w.list[:n] }

// place is where a write is sent: turns one after the other, in each the
// statements by rank, which is the order in which they first appeared. A stream's
// next write takes the same turn when its rank is higher, else the next turn; so
// in one place there is at most one write of a stream.
type place struct{ turn, rank int }

func (p place) before(q place) int {
	return cmp.Or(cmp.Compare(p.turn, q.turn), cmp.Compare(p.rank, q.rank))
}

// Flush hands the statements to exec, in an order that keeps each stream's, and
// leaves the Writes empty.
func (w *Writes) Flush(exec func(sql string, args ...any)) {
	ranks, last := map[string]int{}, map[string]place{}
	groups := map[place][]write{}
	for _, each := range w.list {
		rank, known := ranks[each.sql]
		if !known {
			rank = len(ranks)
			ranks[each.sql] = rank
		}
		at := place{endTurn, rank}
		if each.how != atEnd {
			at = nextPlace(last, each.stream, rank)
		}
		groups[at] = append(groups[at], each)
	}
	order := make([]place, 0, len(groups))
	for at := range groups {
		order = append(order, at)
	}
	slices.SortFunc(order, place.before)
	for _, at := range order {
		flush(groups[at], exec)
	}
	w.list = nil
}

// endTurn comes after every other: a stream has fewer writes in one batch.
const endTurn = int(^uint(0) >> 1)

func nextPlace(last map[string]place, stream string, rank int) place {
	before, known := last[stream]
	at := place{before.turn, rank}
	if known && rank <= before.rank {
		at.turn++
	}
	last[stream] = at
	return at
}

// flush sends the writes of one statement, in their order.
func flush(group []write, exec func(sql string, args ...any)) {
	if group[0].how == alone {
		for _, each := range group {
			exec(each.sql, each.args...)
		}
		return
	}
	columns := make([]any, len(group[0].args))
	for n := range columns {
		columns[n] = column(group, n)
	}
	exec(group[0].sql, columns...)
}

// column gives the n-th values of all rows: of texts, whatever their type is
// called, as []string, which is encoded several times as fast.
func column(group []write, n int) any {
	texts := make([]string, 0, len(group))
	for _, each := range group {
		v := reflect.ValueOf(each.args[n])
		if v.Kind() != reflect.String {
			break
		}
		texts = append(texts, v.String())
	}
	if len(texts) == len(group) {
		return texts
	}
	mixed := make([]any, len(group))
	for i, each := range group {
		mixed[i] = each.args[n]
	}
	return mixed
}
