package main

import (
	"bufio"
	"context"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/projections/engine"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// observed is a product within the test. A clock that the test moves measures its
// lag, so that what it tells over minutes is scraped in seconds.
type observed struct {
	*testing.T
	r     *rooms
	url   string       // "" until it serves
	ahead atomic.Int64 // nanoseconds of its clock before the machine's
	facts []domain.Recorded
}

// observe opens a product on an event store, the embedded one for "".
func observe(t *testing.T, eventstore string) *observed {
	t.Helper()
	o, end := observeIn(t, stateDir(t), eventstore)
	t.Cleanup(end)
	return o
}

// observeIn opens one on a state directory; end closes it.
func observeIn(t *testing.T, dir, eventstore string) (_ *observed, end func()) {
	t.Helper()
	config := &Config{StateDir: dir, EventstoreURL: eventstore, Zone: "Asia/Jakarta"}
	if err := config.check(); err != nil {
		t.Fatal(err)
	}
	r, end := openSilent(t, config)
	o := &observed{T: t, r: r, facts: projectiontest.History(t, 3, projectiontest.Size{People: 12, Units: 3, Steps: 60, Pace: time.Minute})}
	r.lags = engine.NewWatch(r.pool, r.engine.Names(), r.lookBeyond, o.now)
	return o, end
}

func (o *observed) now() time.Time { return clock.Now().Add(time.Duration(o.ahead.Load())) }

// serves starts it until the test ends.
func (o *observed) serves() {
	o.Helper()
	o.Cleanup(o.starts())
}

// starts starts what serve starts below its listeners, until stop.
func (o *observed) starts() (stop func()) {
	o.Helper()
	ctx, end := context.WithCancel(context.WithoutCancel(o.Context()))
	e, err := openEdge(ctx, o.r, &serveCommand{})
	if err != nil {
		o.Fatal(err)
	}
	server := httptest.NewServer(e.handler)
	var group errgroup.Group
	group.Go(func() error { return o.r.carry(ctx) })
	group.Go(func() error { o.r.watch.Run(ctx); return nil })
	group.Go(func() error { o.r.logs.Run(ctx); return nil })
	group.Go(func() error { e.tail.Run(ctx); return nil })
	o.url = server.URL
	return func() {
		server.Close()
		end()
		if err := group.Wait(); err != nil {
			o.Error(err)
		}
		e.logins.close()
	}
}

// append stores the next facts of the history.
func (o *observed) append(n int) {
	o.Helper()
	for _, f := range o.facts[:n] {
		event := commands.NewEvent{ID: f.ID, Body: f.Body, Meta: f.Meta}
		if _, err := o.r.events.Append(o.Context(), f.Stream, int64(f.Revision)-1, []commands.NewEvent{event}); err != nil {
			o.Fatal(err)
		}
	}
	o.facts = o.facts[n:]
}

// shown waits until these read models show all.
func (o *observed) shown(names ...string) {
	o.Helper()
	head, err := o.r.events.Head(o.Context())
	if err != nil {
		o.Fatal(err)
	}
	limited, cancel := context.WithTimeout(o.Context(), startLimit)
	defer cancel()
	for _, name := range names {
		if err := o.r.engine.WaitFor(limited, name, head); err != nil {
			o.Fatal(err)
		}
	}
}

// freeze gives the leases of read models to a process that keeps them and writes
// nothing.
func (o *observed) freeze(names ...string) {
	o.Helper()
	if _, err := o.r.pool.Exec(o.Context(), `insert into lease (projection, holder, until) select name, 'frozen/1/x', 'infinity' from unnest($1::text[]) name
		on conflict (projection) do update set holder = excluded.holder, until = excluded.until`, names); err != nil {
		o.Fatal(err)
	}
	eventually(o.T, "lose the leases", time.Minute, func() error {
		for _, name := range names {
			if o.r.engine.Leading(name) {
				return context.DeadlineExceeded
			}
		}
		return nil
	})
}

// backedUp leaves the mark of a good backup.
func (o *observed) backedUp() {
	o.Helper()
	if err := markOK(o.Context(), o.r.pool, backupWork, clock.Now(), 1); err != nil {
		o.Fatal(err)
	}
}

// watch scrapes for so many frames, by its own clock scrapeEvery apart.
func (o *observed) watch(frames int, scrape func() map[string]float64) scrapes {
	o.Helper()
	s := scrapes{began: o.now()}
	for n := range frames {
		o.ahead.Add(int64(s.began.Add(time.Duration(n) * scrapeEvery).Sub(o.now())))
		begin := clock.Now()
		frame := scrape()
		if took := clock.Now().Sub(begin); took > scrapeLimit {
			o.Errorf("a scrape took %v, and Prometheus waits for %v", took, scrapeLimit)
		}
		frame["up"] = 1
		s.frames = append(s.frames, frame)
	}
	return s
}

// scrapeLimit is how long Prometheus waits, unless it is told otherwise.
const scrapeLimit = 10 * time.Second

// separate is an event store with a database of its own, which can be ended, frozen
// and begun again at the same address.
type separate struct {
	*testing.T
	dir, address string
	cmd          *exec.Cmd
}

func separately(t *testing.T) *separate {
	t.Helper()
	s := &separate{T: t, dir: stateDir(t), address: freeAddress(t)}
	s.start()
	t.Cleanup(func() {
		if s.cmd != nil {
			s.stop()
		}
	})
	return s
}

func (s *separate) url() string { return "esdb://" + s.address + "?tls=false" }

func (s *separate) start() {
	s.Helper()
	s.cmd = exec.Command(binary(s.T), "node", "--listen", s.address, "--state-dir", s.dir, "--log-level", "error")
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.Fatal(err)
	}
	if lines := bufio.NewScanner(out); !lines.Scan() {
		s.Fatal("the event store does not listen")
	}
}

func (s *separate) stop() {
	s.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil {
		s.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.Fatal(err)
	}
	s.cmd = nil
}

// freeze stops the store's process, not its database, until the end of the test.
func (s *separate) freeze() {
	s.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		if err := s.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			s.Error(err)
		}
	})
}

// keep copies the stopped store, and putBack makes it what it was then.
func (s *separate) keep() (copied string) {
	s.Helper()
	copied = stateDir(s.T)
	s.copy(s.dir, copied)
	return copied
}

func (s *separate) putBack(copied string) {
	s.Helper()
	if out, err := exec.Command("rm", "-rf", s.dir+"/pg").CombinedOutput(); err != nil {
		s.Fatalf("%v: %s", err, out)
	}
	s.copy(copied, s.dir)
}

func (s *separate) copy(from, to string) {
	s.Helper()
	if out, err := exec.Command("cp", "-a", from+"/.", to).CombinedOutput(); err != nil {
		s.Fatalf("copy the store: %v: %s", err, strings.TrimSpace(string(out)))
	}
}
