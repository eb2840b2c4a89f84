package node

import (
	"cmp"
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

// reader reads the table. It may be used by many readers at once; each page is
// one query, so one snapshot.
type reader struct {
	pool *pgxpool.Pool
	now  clock.Clock

	mu    sync.Mutex
	names map[int64]string // stream names by number: they never change
}

// maxCachedNames bounds the reader's memory of stream names, about 20 MB.
const maxCachedNames = 200_000

// span is a range of positions or revisions, both ends included.
type span struct {
	from, to int64
	back     bool // read from to down to from
	rows     int  // how many fit into a page, as far as is known; see ask
}

func (s span) empty() bool { return s.from > s.to }

// firstRows is how many rows are asked for when nothing is known of their size.
const firstRows = 64

// ask is how many rows the next page is asked for. A page ends at pageBytes, and
// what was asked for beyond that is sent by the database and thrown away: a
// stream of large events would be sent hundreds of times over.
func (s span) ask(limit int) int { return min(limit, cmp.Or(s.rows, firstRows)) }

// learn keeps what a page tells of the size of events for the next.
func (s span) learn(asked int, page []*event) span {
	size := 0
	for _, e := range page {
		size += e.weight()
	}
	switch {
	case len(page) < asked: // cut
		s.rows = max(1, len(page))
	case size <= pageBytes/4:
		s.rows = min(4*asked, pageEvents)
	default:
		s.rows = asked
	}
	return s
}

// after is what is left of the span once e has been read.
func (s span) after(place int64) span {
	if s.back {
		s.to = place - 1
	} else {
		s.from = place + 1
	}
	return s
}

const (
	selectLog     = `select ` + eventColumnList + ` from eventstore.events e where e.pos between $1 and $2 order by e.pos limit $3`
	selectLogBack = `select ` + eventColumnList + ` from eventstore.events e where e.pos between $1 and $2 order by e.pos desc limit $3`

	selectLogByType = `select ` + eventColumnList + ` from eventstore.events e
		where e.pos between $1 and $2 and e.type ^@ any($4) order by e.pos limit $3`
	selectLogByStream = `select ` + eventColumnList + ` from eventstore.events e
		where e.pos between $1 and $2 and exists (select from eventstore.streams s where s.sid = e.sid and s.name ^@ any($4))
		order by e.pos limit $3`
)

const selectHead = `select coalesce(max(pos), 0) from eventstore.events`

// head is the position of the last stored event, 0 for none.
func (r *reader) head(ctx context.Context) (pos int64, err error) {
	if err := r.pool.QueryRow(ctx, selectHead).Scan(&pos); err != nil {
		return 0, fmt.Errorf("read the log's head: %w", err)
	}
	return pos, nil
}

// log reads events of the whole log. rest is the span still to be read, empty
// when this was the end.
func (r *reader) log(ctx context.Context, s span, limit int) (page []*event, rest span, err error) {
	query := selectLog
	if s.back {
		query = selectLogBack
	}
	return r.logPage(ctx, query, s, limit)
}

// scanPositions is how far one query searches for events that match a prefix:
// a few milliseconds, after which a subscriber can be told a checkpoint.
const scanPositions = 32_768

// filtered reads the log and leaves out, already in the database, what cannot
// match the filter's prefixes. The events still have to be matched.
func (r *reader) filtered(ctx context.Context, s span, f *filter, limit int) (page []*event, rest span, err error) {
	if f == nil || f.pattern != nil || s.back {
		return r.log(ctx, s, limit)
	}
	query, scan := selectLogByType, s
	if f.byStream {
		query = selectLogByStream
	}
	scan.to = min(s.to, s.from+scanPositions-1)
	page, rest, err = r.logPage(ctx, query, scan, limit, f.prefixes)
	if err == nil && rest.empty() {
		rest.from, rest.rows = scan.to+1, s.rows
	}
	rest.to = s.to
	return page, rest, err
}

func (r *reader) logPage(ctx context.Context, query string, s span, limit int, more ...any) ([]*event, span, error) {
	limit = s.ask(limit)
	rows, err := r.pool.Query(ctx, query, append([]any{s.from, s.to, limit}, more...)...)
	if err != nil {
		return nil, s, fmt.Errorf("read the log: %w", err)
	}
	var d eventDecoder
	page, full, err := d.collect(rows, 0, limit)
	if err != nil {
		return nil, s, fmt.Errorf("read the log: %w", err)
	}
	if err := r.name(ctx, page); err != nil {
		return nil, s, err
	}
	if !full {
		return page, span{from: 1}, nil
	}
	return page, s.after(page[len(page)-1].pos).learn(limit, page), nil
}

const selectNames = `select sid, name from eventstore.streams where sid = any($1)`

// name fills in the events' stream names.
func (r *reader) name(ctx context.Context, page []*event) error {
	missing := map[int64]bool{}
	r.mu.Lock()
	for _, e := range page {
		name, ok := r.names[e.sid]
		if !ok {
			missing[e.sid] = true
		}
		e.stream = name
	}
	r.mu.Unlock()
	if len(missing) == 0 {
		return nil
	}
	sids := make([]int64, 0, len(missing))
	for sid := range missing {
		sids = append(sids, sid)
	}
	rows, err := r.pool.Query(ctx, selectNames, sids)
	if err != nil {
		return fmt.Errorf("read stream names: %w", err)
	}
	found := make(map[int64]string, len(sids))
	var sid int64
	var name string
	if _, err := pgx.ForEachRow(rows, []any{&sid, &name}, func() error { found[sid] = name; return nil }); err != nil {
		return fmt.Errorf("read stream names: %w", err)
	}
	for _, e := range page {
		if e.stream == "" {
			e.stream = found[e.sid]
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.names) > maxCachedNames {
		clear(r.names)
	}
	for sid, name := range found {
		r.names[sid] = name
	}
	return nil
}

// glance is a stream as one page of it was read.
type glance struct {
	known  bool  // it has a row: events, or metadata
	head   int64 // -1 without events
	tomb   bool
	soft   bool  // soft deleted
	lowest int64 // first event that "$tb" and "$maxCount" let show
}

// absent: a reader is told that there is no such stream.
func (g glance) absent() bool { return !g.known || g.head < 0 || g.soft }

// Visibility is part of the query, so that a page and the rule it was read under
// come from one snapshot. Times are in ticks, ages in seconds.
const (
	// headOfStream is the number of the last event of stream s, its tombstone aside;
	// -1 before the first. One step down the index of stream and revision.
	headOfStream = `coalesce((select max(e.rev) from eventstore.events e where e.sid = s.sid and e.rev < 9223372036854775807), -1)`

	shownStream = `with h as materialized (select *, ` + headOfStream + ` as head from eventstore.streams s where name = $1),
		s as (select *, greatest(tb, case when max_count > 0 then head - max_count + 1 else 0 end) as lowest from h)
		select s.head, s.tomb, s.tb = 9223372036854775807, s.lowest, ` + eventColumnList + `
		from s left join lateral (select * from eventstore.events e
			where e.sid = s.sid and not s.tomb and e.rev between greatest($2, s.lowest) and least($3, s.head)
				and (s.max_age = 0 or e.created >= $4 - s.max_age * 10000000)`

	selectStream     = shownStream + ` order by e.rev limit $5) e on true order by e.rev`
	selectStreamBack = shownStream + ` order by e.rev desc limit $5) e on true order by e.rev desc`

	glanceColumns = 4
)

// stream reads shown events of one stream.
func (r *reader) stream(ctx context.Context, name string, s span, limit int) (page []*event, rest span, g glance, err error) {
	query := selectStream
	if s.back {
		query = selectStreamBack
	}
	limit = s.ask(limit)
	rows, err := r.pool.Query(ctx, query, name, s.from, s.to, ticks(r.now()), limit)
	if err != nil {
		return nil, s, g, fmt.Errorf("read stream: %w", err)
	}
	defer rows.Close()
	page, full, err := r.streamRows(rows, &g, limit)
	if err != nil {
		return nil, s, g, fmt.Errorf("read stream: %w", err)
	}
	for _, e := range page {
		e.stream = name
	}
	if !full {
		return page, span{from: 1}, g, nil
	}
	return page, s.after(page[len(page)-1].rev).learn(limit, page), g, nil
}

func (r *reader) streamRows(rows pgx.Rows, g *glance, limit int) (page []*event, full bool, err error) {
	*g = glance{head: -1}
	var d eventDecoder
	size := 0
	for rows.Next() {
		raw := rows.RawValues()
		*g = glance{known: true, head: number(raw[0]), tomb: raw[1][0] != 0, soft: raw[2][0] != 0, lowest: number(raw[3])}
		if raw[glanceColumns] == nil { // the stream alone: no event is shown
			continue
		}
		e, err := d.decode(raw[glanceColumns:])
		if err != nil {
			return nil, false, err
		}
		page = append(page, e)
		if size += e.weight(); size >= pageBytes {
			full = true
			break
		}
	}
	rows.Close()
	return page, full || len(page) == limit, rows.Err()
}

const selectTombstone = `select ` + eventColumnList + ` from eventstore.events e
	join eventstore.streams s using (sid) where s.name = $1 and e.rev = 9223372036854775807`

// tombstone finds the event that ended the stream, empty when it was ended
// together with the stream it describes.
func (r *reader) tombstone(ctx context.Context, name string) ([]*event, error) {
	rows, err := r.pool.Query(ctx, selectTombstone, name)
	if err != nil {
		return nil, fmt.Errorf("read a tombstone: %w", err)
	}
	var d eventDecoder
	page, _, err := d.collect(rows, 0, 1)
	if err != nil {
		return nil, fmt.Errorf("read a tombstone: %w", err)
	}
	for _, e := range page {
		e.stream = name
	}
	return page, nil
}
