package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// takeoverLimit is how soon a holder that died or froze must be replaced.
const takeoverLimit = 5 * time.Second

// freeAddress gives a loopback address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// leading counts the leases that a process holds.
func (p *product) leading(ctx context.Context, conn *pgx.Conn) (leases int) {
	p.t.Helper()
	err := conn.QueryRow(ctx, `select count(*) from readmodel.lease where holder like '%/' || $1 || '/%' and until > clock_timestamp()`,
		fmt.Sprint(p.cmd.Process.Pid)).Scan(&leases)
	if err != nil {
		p.t.Fatal(err)
	}
	return leases
}

// makeLeading takes the leases from everybody until chance gives some to the product.
func (p *product) makeLeading(conn *pgx.Conn) {
	p.t.Helper()
	eventually(p.t, "lead", time.Minute, func() error {
		if p.leading(p.t.Context(), conn) > 0 {
			return nil
		}
		_, err := conn.Exec(p.t.Context(), `update readmodel.lease set holder = 'nobody', until = clock_timestamp() + random() * interval '1 s' where until > clock_timestamp() + interval '1 s'`)
		if err == nil {
			err = fmt.Errorf("others lead")
		}
		return err
	})
}

// replaced waits until all read models have another writer and have caught up.
func (p *product) replaced(conn *pgx.Conn) time.Duration {
	p.t.Helper()
	begin := time.Now()
	eventually(p.t, "replace the holder", takeoverLimit, func() error {
		var others int
		err := conn.QueryRow(p.t.Context(), `select count(*) from readmodel.lease where holder not like '%/' || $1 || '/%' and until > clock_timestamp()`,
			fmt.Sprint(p.cmd.Process.Pid)).Scan(&others)
		if err == nil && others < readModels {
			err = fmt.Errorf("only %d read models have another writer", others)
		}
		return err
	})
	return time.Since(begin)
}

// TestThreeReplicasWriteEachReadModelOnceThoughHoldersFreezeAndDie lets three
// programs share one database and one event store, which the first of them runs.
func TestThreeReplicasWriteEachReadModelOnceThoughHoldersFreezeAndDie(t *testing.T) {
	dir, store := stateDir(t), freeAddress(t)
	hub := serve(t, dir, "--demo", "--people", "20", "--node-listen", store)
	hub.seeded()
	people := authors(t, hub, 4)
	database, err := pgrun.Attach(dir, databaseName)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) }) // the test is over
	replica := func() *product {
		p := serve(t, stateDir(t), "--database-url", database, "--eventstore-url", "esdb://"+store+"?tls=false",
			"--key-file", filepath.Join(dir, "key.json"), "--secret-file", filepath.Join(dir, "secret"))
		p.ready()
		return p
	}
	second, third := replica(), replica()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var work sync.WaitGroup
	var writes, stale, fresh atomic.Int64
	var calm atomic.Bool // nobody freezes or dies any more
	for _, a := range people {
		work.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				position, err := a.reportAt(ctx, hub.url, fmt.Sprint("replicas-", a.person, "-", n))
				if err == nil {
					// At a replica that may or may not write the read models.
					_, err = third.get(ctx, "/v1/people/"+a.person+"/timeline?min_position="+position, a.token)
				}
				switch {
				case ctx.Err() != nil:
					return
				case errors.Is(err, errStale) && !calm.Load():
					stale.Add(1) // while nobody writes the read models, and the answer says so
				case err != nil:
					t.Errorf("a write or its reading failed: %v", err)
					return
				case calm.Load():
					fresh.Add(1)
				}
				writes.Add(1)
			}
		})
	}
	for round := range 2 {
		second.makeLeading(conn)
		if err := second.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		t.Logf("round %d: frozen, replaced after %v", round, second.replaced(conn))
		third.ready()
		if err := second.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		second.ready()
	}
	second.makeLeading(conn)
	second.kill()
	t.Logf("killed, replaced after %v", second.replaced(conn))
	third.ready()
	hub.ready()
	calm.Store(true)
	eventually(t, "calm reading", startLimit, func() error {
		if n := fresh.Load(); n < 50 && !t.Failed() {
			return fmt.Errorf("%d reads", n)
		}
		return nil
	})
	stop()
	work.Wait()
	third.ready() // a follower or not, it knows how far the read models are
	hub.ready()
	t.Logf("%d facts written at one replica and read at another; %d answers said that they were stale", writes.Load(), stale.Load())
	for _, p := range []*product{second, third} {
		if text := p.stderr.String(); strings.Contains(text, "is parked") {
			t.Errorf("a stream was parked: %s", text)
		}
	}
	third.stop()
	hub.stop()
	equalToRebuild(t, dir)
}
