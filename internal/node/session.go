package node

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// writerLock is the advisory lock held by the one writing session of a database.
	writerLock = 0x6a656a616b02

	// lockPoll is how often a new session asks for the lock while an old one, whose
	// process or connection has died, is still being cleared away by PostgreSQL.
	lockPoll = 20 * time.Millisecond
)

// session is the writing connection. It holds the writer lock for as long as it
// lives, so whoever gets the lock knows that every earlier write is over.
type session struct {
	config *pgx.ConnConfig
	conn   *pgx.Conn
	self   member // who leads when this session has the lock
	epoch  int64  // the last term won, 0 before the first
}

const (
	takeWriterLock = `select pg_try_advisory_lock($1), (select epoch from eventstore.leader)`

	// beginTerm waits for a transaction of the old term that is still open; later
	// ones fail. So what readHeads sees next is all that was ever stored.
	beginTerm = `update eventstore.leader set epoch = epoch + 1, instance = $1, host = $2, port = $3, beat = clock_timestamp()
		returning epoch`

	// fence begins every write transaction, and is a sign of life by itself.
	fence = `select eventstore.lead($1)`
)

const readHeads = `select coalesce(e.pos, 0), coalesce(e.id, '00000000-0000-0000-0000-000000000000'), s.sid
	from (select coalesce(max(sid), 0) as sid from eventstore.streams) s
	left join (select pos, id from eventstore.events order by pos desc limit 1) e on true`

// errHeld: the lock was not to be had in time.
var errHeld = errors.New("another node writes to this database: several need an address each at which the others reach them")

func (s *session) reopen(ctx context.Context) (heads, error) {
	s.close(ctx)
	conn, err := pgx.ConnectConfig(ctx, s.config.Copy())
	if err != nil {
		return heads{}, fmt.Errorf("connect: %w", err)
	}
	s.conn = conn
	if err := prepareConnection(ctx, conn); err != nil {
		return heads{}, err
	}
	// What is acknowledged must be on the disk, whatever the database's default is.
	const durable = `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`
	if _, err := conn.Exec(ctx, durable); err != nil {
		return heads{}, fmt.Errorf("make commits durable: %w", err)
	}
	for locked := false; !locked; {
		var epoch int64
		if err := conn.QueryRow(ctx, takeWriterLock, int64(writerLock)).Scan(&locked, &epoch); err != nil {
			return heads{}, fmt.Errorf("take the writer lock: %w", err)
		}
		if locked {
			break
		}
		if s.self.replica() && epoch > s.epoch {
			s.close(ctx)
			return heads{}, errDeposed
		}
		select {
		case <-ctx.Done():
			return heads{}, fmt.Errorf("%w: %w", errHeld, ctx.Err())
		case <-time.After(lockPoll):
		}
	}
	if err := conn.QueryRow(ctx, beginTerm, [16]byte(s.self.id), s.self.host, s.self.port).Scan(&s.epoch); err != nil {
		return heads{}, fmt.Errorf("begin a term: %w", err)
	}
	var h heads
	if err := conn.QueryRow(ctx, readHeads).Scan(&h.pos, (*[16]byte)(&h.lastID), &h.sid); err != nil {
		return heads{}, fmt.Errorf("read the heads: %w", err)
	}
	return h, nil
}

func (s *session) close(ctx context.Context) {
	if s.conn != nil {
		s.conn.Close(ctx) // the lock goes with the session, also when saying goodbye fails
		s.conn = nil
	}
}

const selectStreams = `select sid, name, ` + headOfStream + `, tomb, tb, max_count, max_age, raw_meta is not null,
		case when tb = 9223372036854775807 then raw_meta end
	from eventstore.streams s where name = any($1)`

var errNoSession = errors.New("no session with the database")

func (s *session) streams(ctx context.Context, names []string) ([]*stream, error) {
	if s.conn == nil {
		return nil, errNoSession
	}
	rows, err := s.conn.Query(ctx, selectStreams, names)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*stream, error) {
		var f stream
		err := row.Scan(&f.sid, &f.name, &f.head, &f.tomb, &f.truncateBefore, &f.maxCount, &f.maxAge, &f.hasMeta, &f.rawMeta)
		return &f, err
	})
}

// selectByID takes the latest event of each id: within a stream, positions grow
// with revisions. Asking for it by "order by rev limit 1" would let the planner
// walk the stream backwards instead of using the index on ids.
const selectByID = `select q.sid, max(e.rev), q.id, max(e.pos)
	from unnest($1::bigint[], $2::uuid[]) q(sid, id)
	join eventstore.events e on e.id = q.id and e.sid = q.sid
	group by q.sid, q.id`

const selectByRev = `select e.sid, e.rev, e.id, e.pos
	from unnest($1::bigint[], $2::bigint[]) q(sid, rev)
	join eventstore.events e on e.sid = q.sid and e.rev = q.rev`

func (s *session) past(ctx context.Context, ids []idKey, revs []revKey, found func(sid, rev int64, id uuid.UUID, pos int64)) error {
	if s.conn == nil {
		return errNoSession
	}
	collect := func(rows pgx.Rows) error {
		var sid, rev, pos int64
		var id [16]byte
		_, err := pgx.ForEachRow(rows, []any{&sid, &rev, &id, &pos}, func() error {
			found(sid, rev, id, pos)
			return nil
		})
		return err
	}
	var ask pgx.Batch
	if len(ids) > 0 {
		sids, uuids := make([]int64, len(ids)), make([][16]byte, len(ids))
		for i, k := range ids {
			sids[i], uuids[i] = k.sid, k.id
		}
		ask.Queue(selectByID, sids, uuids).Query(collect)
	}
	if len(revs) > 0 {
		sids, numbers := make([]int64, len(revs)), make([]int64, len(revs))
		for i, k := range revs {
			sids[i], numbers[i] = k.sid, k.rev
		}
		ask.Queue(selectByRev, sids, numbers).Query(collect)
	}
	return s.conn.SendBatch(ctx, &ask).Close()
}

const upsertStreams = `insert into eventstore.streams (sid, name, tomb, tb, max_count, max_age, raw_meta)
	select * from unnest($1::bigint[], $2::text[], $3::boolean[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bytea[])
	on conflict (sid) do update set tomb = excluded.tomb, tb = excluded.tb,
		max_count = excluded.max_count, max_age = excluded.max_age,
		raw_meta = coalesce(excluded.raw_meta, streams.raw_meta)`

const insertEvents = `insert into eventstore.events (pos, created, sid, rev, id, type, json, data, meta)
	select $1 + n - 1, created, sid, rev, id, type, json, data, meta
	from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::boolean[], $8::bytea[], $9::bytea[])
		with ordinality as q(created, sid, rev, id, type, json, data, meta, n)`

// write sends all statements and one Sync in a single round trip. PostgreSQL runs
// what stands before a Sync as one transaction, the fence first: all is stored, or nothing. The
// transaction is committed when Close, which waits for the Sync's answer, says so.
// Most batches only add events to streams that are known: they touch no other row.
func (s *session) write(ctx context.Context, b *batch) error {
	if s.conn == nil {
		return errNoSession
	}
	var send pgx.Batch
	send.Queue(fence, s.epoch)
	if len(b.touched) > 0 {
		send.Queue(upsertStreams, streamColumns(b.touched)...)
	}
	send.Queue(insertEvents, append([]any{b.first}, eventColumns(b.events)...)...)
	results := s.conn.SendBatch(ctx, &send)
	_, fenced := results.Exec()
	var streams pgconn.CommandTag
	var streamsErr error
	if len(b.touched) > 0 {
		streams, streamsErr = results.Exec()
	}
	events, eventsErr := results.Exec()
	if err := results.Close(); err != nil {
		return err
	}
	if err := errors.Join(fenced, streamsErr, eventsErr); err != nil {
		return err
	}
	if streams.RowsAffected() != int64(len(b.touched)) || events.RowsAffected() != int64(len(b.events)) {
		return fmt.Errorf("%w: %d of %d streams, %d of %d events", errShortWrite,
			streams.RowsAffected(), len(b.touched), events.RowsAffected(), len(b.events))
	}
	return nil
}

var errShortWrite = errors.New("the database stored another number of rows")

func streamColumns(streams []*stream) []any {
	n := len(streams)
	sids, names, tombs := make([]int64, n), make([]string, n), make([]bool, n)
	tbs, counts, ages, metas := make([]int64, n), make([]int64, n), make([]int64, n), make([][]byte, n)
	for i, s := range streams {
		sids[i], names[i], tombs[i] = s.sid, s.name, s.tomb
		tbs[i], counts[i], ages[i], metas[i] = s.truncateBefore, s.maxCount, s.maxAge, s.rawMeta
	}
	return []any{sids, names, tombs, tbs, counts, ages, metas}
}

func eventColumns(events []*event) []any {
	n := len(events)
	created, sids, revs, ids := make([]int64, n), make([]int64, n), make([]int64, n), make([][16]byte, n)
	types, jsons := make([]string, n), make([]bool, n)
	datas, metas := make([][]byte, n), make([][]byte, n)
	for i, e := range events {
		created[i], sids[i], revs[i], ids[i] = e.created, e.sid, e.rev, e.id
		types[i], jsons[i], datas[i], metas[i] = e.typ, e.json, e.data, e.meta
	}
	return []any{created, sids, revs, ids, types, jsons, datas, metas}
}
