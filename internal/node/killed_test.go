package node

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The real thing: PostgreSQL ends the writing session while writers work.
func TestTheWritingSessionMayBeKilled(t *testing.T) {
	r := newRig(t)
	owner := r.owner()
	base := r.Head()
	const writers, each = 8, 40
	done := make(chan error, writers)
	for w := range writers {
		go func() {
			for i := range each {
				want := expectation{expectRevision, uint64(i - 1)}
				if i == 0 {
					want = expectation{kind: expectNoStream}
				}
				e := &event{id: uuid.New(), typ: "tested", data: []byte{}, meta: []byte{}}
				for t.Context().Err() == nil {
					o, err := r.write(t.Context(), &request{stream: fmt.Sprint("w", w), want: want, events: []*event{e}})
					if err == nil && (o.verdict == accepted || o.verdict == repeated) && o.rev == int64(i) {
						break
					}
					if status.Code(err) != codes.Aborted && asRefusal(err) == nil {
						done <- fmt.Errorf("writer %d, event %d: %+v %w", w, i, o, err)
						return
					}
				}
			}
			done <- nil
		}()
	}
	const kill = `select count(pg_terminate_backend(l.pid)) from pg_locks l
		join pg_database d on d.oid = l.database and d.datname = current_database() where l.locktype = 'advisory'`
	// A kill at every few events: one at every moment would leave no session the
	// time to come up, and prove only that the node gives up in the end.
	const between = 7
	finished, kills, next := 0, 0, base
	for finished < writers {
		select {
		case err := <-r.Failed():
			t.Fatalf("the node gave up: %v", err)
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			finished++
		case <-time.After(time.Millisecond):
			if r.Head() < next {
				continue
			}
			next = r.Head() + between
			var n int
			if err := owner.QueryRow(t.Context(), kill).Scan(&n); err != nil {
				t.Fatal(err)
			}
			kills += n
		}
	}
	if kills == 0 {
		t.Error("no session was killed: the test proves nothing")
	}
	if got := r.Head() - base; got != writers*each {
		t.Errorf("%d events stored, want %d", got, writers*each)
	}
	answers, _, err := r.read(all)
	if err != nil || uint64(len(answers)) != r.Head() {
		t.Errorf("%d events in the log, the head is %d: %v", len(answers), r.Head(), err)
	}
}
