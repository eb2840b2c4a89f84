package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// leaderBeat is how often an idle leader shows a sign of life; a busy one does
	// so with every commit.
	leaderBeat = 500 * time.Millisecond

	// leaderSilence is how long the leader may be silent before its session is
	// ended: takeover within 5 s, and yet not at every slow commit.
	leaderSilence = 3 * time.Second

	// watchPause is how long a follower waits for a notification before it looks
	// by itself, and how often a leader looks for followers.
	watchPause = 250 * time.Millisecond

	// watchLimit bounds one look at the database.
	watchLimit = 2 * time.Second

	// notifyPause is the least time between two notifications: wakes are joined.
	notifyPause = 5 * time.Millisecond

	// channel wakes followers. Its notifications carry no data, and are sent
	// outside of the appending transaction, where they would hold up others' commits.
	channel = "eventstore_head"
)

// watcher keeps a replica informed. Its connection reads who leads and what the
// head is; it never writes events.
type watcher struct {
	config *pgx.ConnConfig
	self   member
	log    *slog.Logger
	view   atomic.Pointer[view]

	conn *pgx.Conn
}

const (
	upsertMember = `insert into eventstore.members values ($1, $2, $3, clock_timestamp())
		on conflict (instance) do update set seen = clock_timestamp()`

	// dropMembers forgets those not seen for a minute: a restarted node has a new id.
	dropMembers = `delete from eventstore.members where seen < clock_timestamp() - interval '1 minute'`

	selectMembers = `select instance, host, port, seen,
			(extract(epoch from clock_timestamp() - seen) * 1e6)::bigint
		from eventstore.members order by instance`

	// writerHeld finds the holder of the writer lock; a bigint lock is shown in two halves.
	writerHeld = `from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
		where l.locktype = 'advisory' and l.granted and l.objsubid = 1
			and (l.classid::bigint << 32) + l.objid::bigint = $1`

	selectLeader = `select epoch, instance, host, port, (extract(epoch from clock_timestamp() - beat) * 1e6)::bigint,
			coalesce((select max(pos) from eventstore.events), 0), exists (select ` + writerHeld + `)
		from eventstore.leader`

	// endWriter ends the session of a silent leader, if it is still of that term.
	endWriter = `select count(pg_terminate_backend(l.pid)) ` + writerHeld + `
		and exists (select from eventstore.leader where epoch = $2 and beat < clock_timestamp() - $3::bigint * interval '1 microsecond')`
)

// look shows a sign of life of this node and reads those of the others.
func (w *watcher) look(ctx context.Context) (*view, error) {
	ctx, cancel := context.WithTimeout(ctx, watchLimit)
	defer cancel()
	v, err := w.ask(ctx)
	if err != nil {
		w.close(ctx)
		return nil, fmt.Errorf("look at the other nodes: %w", err)
	}
	w.view.Store(v)
	return v, nil
}

func (w *watcher) ask(ctx context.Context) (*view, error) {
	if w.conn == nil {
		conn, err := pgx.ConnectConfig(ctx, w.config.Copy())
		if err != nil {
			return nil, err
		}
		w.conn = conn
		if err := prepareConnection(ctx, conn); err != nil {
			return nil, err
		}
		if _, err := conn.Exec(ctx, `listen `+channel); err != nil {
			return nil, err
		}
	}
	v := &view{}
	var ask pgx.Batch
	ask.Queue(upsertMember, [16]byte(w.self.id), w.self.host, w.self.port)
	ask.Queue(dropMembers)
	ask.Queue(selectMembers).Query(func(rows pgx.Rows) (err error) {
		v.members, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m member, err error) {
			var micros int64
			err = row.Scan((*[16]byte)(&m.id), &m.host, &m.port, &m.seen, &micros)
			m.idle = time.Duration(micros) * time.Microsecond
			return m, err
		})
		return err
	})
	ask.Queue(selectLeader, int64(writerLock)).QueryRow(func(row pgx.Row) error {
		var micros int64
		err := row.Scan(&v.epoch, (*[16]byte)(&v.leader.id), &v.leader.host, &v.leader.port, &micros, &v.head, &v.led)
		v.leader.idle = time.Duration(micros) * time.Microsecond
		return err
	})
	return v, w.conn.SendBatch(ctx, &ask).Close()
}

// wait returns at a notification, after a pause, or when ctx ends. A wait that
// times out leaves the connection usable; look finds out if it is not.
func (w *watcher) wait(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, watchPause)
	defer cancel()
	if w.conn == nil {
		<-ctx.Done()
		return
	}
	if _, err := w.conn.WaitForNotification(ctx); err != nil && ctx.Err() == nil {
		w.close(ctx)
		<-ctx.Done()
	}
}

// wake tells the followers that there is something to read.
func (w *watcher) wake(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, watchLimit)
	defer cancel()
	if w.conn == nil {
		return
	}
	if _, err := w.conn.Exec(ctx, `notify `+channel); err != nil {
		w.log.Warn("followers were not woken, they look by themselves", slog.Any("error", err))
		w.close(ctx)
	}
}

// evict ends the session of a leader that shows no sign of life: its process is
// frozen, or cannot reach the database. It acts as the login, not as the service
// role: only the same login may end a session.
func (w *watcher) evict(ctx context.Context, epoch int64) (err error) {
	ctx, cancel := context.WithTimeout(ctx, watchLimit)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, w.config.Copy())
	if err != nil {
		return fmt.Errorf("end the silent leader's session: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	var ended int
	if err := conn.QueryRow(ctx, endWriter, int64(writerLock), epoch, leaderSilence.Microseconds()).Scan(&ended); err != nil {
		return fmt.Errorf("end the silent leader's session: %w", err)
	}
	w.log.Warn("the leader is silent, its session was ended", slog.Any("epoch", epoch), slog.Any("sessions", ended))
	return nil
}

func (w *watcher) close(ctx context.Context) {
	if w.conn != nil {
		w.conn.Close(ctx) // it holds nothing
		w.conn = nil
	}
}
