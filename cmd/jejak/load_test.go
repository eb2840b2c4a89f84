package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/history"
)

const (
	// loadAuthors write all the reports of a load, several at once.
	loadAuthors = 8
	// sendLimit is how long a writer waits for an answer at most.
	sendLimit = 30 * time.Second
	// againAfter is how long a writer waits who was asked to come back later.
	againAfter = 50 * time.Millisecond
	// complaints is how many of a load's faults are told; one often has a thousand companions.
	complaints = 10
)

// load is many people who write at once and keep what they know. A writer whose
// request is of unknown fate repeats it under the same key until that is settled.
type load struct {
	t       *testing.T
	dice    *rand.Rand // for the test itself; the writers do not throw it
	history *history.Recorder
	client  *http.Client
	people  []author
	foreign uint64 // up to here others have written
	name    string

	open []string // each writer's request of unknown fate
	next []int

	// unanswered, when set, hears of each request that got no answer: whether it
	// was a repeat, and whether its connection had been used before.
	unanswered func(key string, repeat, reused bool, err error)

	acknowledged, delayed, broken atomic.Int64
	complained                    atomic.Int64
	work                          sync.WaitGroup
	stop                          context.CancelFunc
}

// newLoad prepares writers for a product that nobody else writes to. The history
// is kept when the test fails; JEJAK_TEST_HISTORY_DIR keeps it anyway.
func newLoad(t *testing.T, p *product, writers int) *load {
	t.Helper()
	seed, dice := chance(t)
	dir, keep := os.Getenv("JEJAK_TEST_HISTORY_DIR"), true
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "jejak-history-"); err != nil {
			t.Fatal(err)
		}
		keep = false
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%d.jsonl", strings.ReplaceAll(t.Name(), "/", "-"), seed))
	h, err := history.Create(path, seed, t.Name())
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: writers}
	l := &load{t: t, dice: dice, history: h, client: &http.Client{Transport: transport, Timeout: sendLimit}, people: authors(t, p, loadAuthors),
		name: fmt.Sprintf("load-%d", seed), open: make([]string, writers), next: make([]int, writers), stop: func() {}}
	if events := p.log(); len(events) > 0 {
		l.foreign = events[len(events)-1].Position
	}
	t.Cleanup(func() {
		l.rest()
		transport.CloseIdleConnections()
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		switch {
		case t.Failed():
			t.Logf("the history; judge it again: JEJAK_TEST_HISTORY_FILE=%s go test ./internal/history -count 1 -v -run JudgedAgain", path)
		case !keep:
			if err := os.RemoveAll(dir); err != nil {
				t.Error(err)
			}
		}
	})
	return l
}

// begin lets everybody write to a product until rest, or until it does not answer
// any more. Asked to come back later, a writer does; any other answer is a fault.
func (l *load) begin(p *product) {
	ctx, stop := context.WithCancel(l.t.Context())
	l.stop = stop
	for w := range l.open {
		l.work.Go(func() {
			for ctx.Err() == nil && l.once(w, p.url) {
				if l.open[w] == "" {
					continue
				}
				select {
				case <-ctx.Done():
				case <-time.After(againAfter):
				}
			}
		})
	}
}

// once lets a writer send its open request or a new one; false when nobody answers.
func (l *load) once(w int, url string) bool {
	key := l.open[w]
	repeat := key != ""
	if !repeat {
		key = fmt.Sprintf("%s-%d-%d", l.name, w, l.next[w])
		l.open[w] = key
		l.next[w]++
	}
	l.history.Sent(key)
	// The request outlives the load's end: whoever asked wants to know.
	reused := false
	ctx := httptrace.WithClientTrace(context.WithoutCancel(l.t.Context()),
		&httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { reused = c.Reused }})
	got, err := l.people[w%len(l.people)].send(ctx, l.client, url, key)
	switch {
	case err != nil:
		l.broken.Add(1)
		if l.unanswered != nil {
			l.unanswered(key, repeat, reused, err)
		}
		return false
	case got.done():
		l.history.Acknowledged(key, got.position)
		l.acknowledged.Add(1)
		l.open[w] = ""
	case got.notNow():
		l.delayed.Add(1)
	default:
		l.complain("%s was answered with %s", key, got)
	}
	return true
}

func (l *load) complain(format string, args ...any) {
	l.t.Helper()
	if l.complained.Add(1) <= complaints {
		l.t.Errorf(format, args...)
	}
}

// rest ends the writing and waits for the last answers.
func (l *load) rest() {
	l.stop()
	l.work.Wait()
}

// moreThan waits until that many more requests are acknowledged.
func (l *load) moreThan(n int64) {
	l.t.Helper()
	from := l.acknowledged.Load()
	eventually(l.t, fmt.Sprint(n, " acknowledged writes"), startLimit, func() error {
		if have := l.acknowledged.Load() - from; have < n {
			return fmt.Errorf("%d, and %d were asked to come back later", have, l.delayed.Load())
		}
		return nil
	})
}

// settle asks again about everything of unknown fate, until it is stored.
func (l *load) settle(p *product) {
	l.t.Helper()
	for w := range l.open {
		if l.open[w] == "" {
			continue
		}
		eventually(l.t, "settle "+l.open[w], startLimit, func() error {
			if !l.once(w, p.url) || l.open[w] != "" {
				return fmt.Errorf("still of unknown fate")
			}
			return nil
		})
	}
}

// judge settles what is open and compares what everybody knows with the log.
func (l *load) judge(p *product) {
	l.t.Helper()
	l.rest()
	unsettled := 0
	for _, key := range l.open {
		if key != "" {
			unsettled++
		}
	}
	l.settle(p)
	p.ready()
	l.history.Holds(l.foreign, p.log())
	found := l.history.Check()
	for _, v := range found[:min(len(found), complaints)] {
		l.t.Error(v)
	}
	l.t.Logf("%d acknowledged, %d asked to come back later, %d without an answer, %d settled at the end",
		l.acknowledged.Load(), l.delayed.Load(), l.broken.Load(), unsettled)
}

// log reads every event as the database holds it.
func (p *product) log() []history.Event {
	p.t.Helper()
	rows := p.query(`select e.pos, e.rev, s.name, coalesce(case when left(s.name, 1) <> '$' and e.json then convert_from(e.meta, 'UTF8')::json ->> 'cmd' end, '')
		from eventstore.events e join eventstore.streams s using (sid) order by e.pos`)
	events, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e history.Event, err error) {
		err = row.Scan(&e.Position, &e.Revision, &e.Stream, &e.Key)
		return e, err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return events
}

// note keeps in the history what befalls the product.
func (l *load) note(format string, args ...any) {
	l.history.Note(fmt.Sprintf(format, args...))
}
