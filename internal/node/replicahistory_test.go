package node

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Writers go from node to node while leaders lose their sessions or freeze, again
// and again.
func TestNothingIsLostOrDoubledWhileLeadersFall(t *testing.T) {
	list, freezers := freezableReplicas(t, 3)
	leaderOf(t, list)
	owner, err := pgx.Connect(t.Context(), list[0].opts.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(t.Context())
	const writers, each, falls = 8, 400, 6
	ids := [writers][each]uuid.UUID{}
	done := make(chan error, writers)
	var wrote sync.WaitGroup
	for w := range writers {
		wrote.Go(func() {
			for i := range each {
				e := anEvent()
				ids[w][i] = e.id
				if err := persist(t.Context(), list, fmt.Sprint("w", w), i, e); err != nil {
					done <- err
					return
				}
			}
		})
	}
	go func() { wrote.Wait(); close(done) }()
	var kills int
	for n := 1; n <= falls; n++ {
		mark := uint64(n * writers * each / (falls + 2))
		eventually(t, "progress", patience, func() bool {
			return max(list[0].Head(), list[1].Head(), list[2].Head()) >= mark
		})
		if n == falls/2 {
			leader, frozen := present(list, freezers)
			frozen.freeze()
			since := time.Now()
			at := leader.Head()
			eventually(t, "others go on while the leader is frozen", takeoverWithin, func() bool {
				return max(list[0].Head(), list[1].Head(), list[2].Head()) > at+writers
			})
			t.Logf("others went on after %s", time.Since(since))
			frozen.thaw()
			continue
		}
		var ended int
		if err := owner.QueryRow(t.Context(), `select count(pg_terminate_backend(l.pid)) `+writerHeld, int64(writerLock)).Scan(&ended); err != nil {
			t.Fatal(err)
		}
		kills += ended
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if kills == 0 {
		t.Error("no leader fell: the test proves nothing")
	}
	for w := range writers {
		for _, r := range list {
			eventually(t, "followers at the end", patience, func() bool { return r.Head() == list[0].Head() })
			checkHistory(t, r, ids[w][:], fmt.Sprint("w", w))
		}
	}
	var gaps int
	if err := owner.QueryRow(t.Context(), `select max(pos) - count(*) from eventstore.events`).Scan(&gaps); err != nil || gaps != 0 {
		t.Errorf("%d gaps %v", gaps, err)
	}
}

// tryLimit is how long a writer waits for one node before it asks the next.
const tryLimit = 300 * time.Millisecond

// present finds the node that has the lead and its freezer.
func present(list []*rig, freezers []*freezer) (*rig, *freezer) {
	for i := 0; ; i = (i + 1) % len(list) {
		if v := list[i].watcher.view.Load(); v.led && v.leader.id == list[i].id {
			return list[i], freezers[i]
		}
	}
}

// persist writes one event at its revision, asking one node after the other until
// it is acknowledged.
func persist(ctx context.Context, list []*rig, stream string, i int, e *event) error {
	want := expectation{kind: expectNoStream}
	if i > 0 {
		want = expectation{expectRevision, uint64(i - 1)}
	}
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ctx.Err() == nil; n++ {
		try, cancel := context.WithTimeout(ctx, tryLimit)
		o, err := list[n%len(list)].write(try, &request{stream: stream, want: want, events: []*event{e}})
		cancel()
		switch {
		case errors.Is(err, context.DeadlineExceeded): // of unknown fate: asked again elsewhere
		case err == nil && (o.verdict == accepted || o.verdict == repeated) && o.rev == int64(i):
			return nil
		case err == nil:
			return fmt.Errorf("%s#%d: %+v", stream, i, o)
		case asRefusal(err) == nil:
			return fmt.Errorf("%s#%d: %w", stream, i, err)
		}
		<-tick.C
	}
	return errors.Join(errors.New("no node took the write"), ctx.Err())
}

// checkHistory: what was acknowledged is stored once, in order, and nothing else.
func checkHistory(t *testing.T, r *rig, ids []uuid.UUID, stream string) {
	t.Helper()
	answers, _, err := r.read(ofStream(stream))
	if err != nil || len(answers) != len(ids) {
		t.Fatalf("%s has %d events, want %d: %v", stream, len(answers), len(ids), err)
	}
	for i, a := range answers {
		id, err := readID(a.GetEvent().GetEvent().GetId())
		if err != nil || id != ids[i] {
			t.Fatalf("%s#%d is %v, want %v (%v)", stream, i, id, ids[i], err)
		}
	}
}
