package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// killCycles can be set by JEJAK_TEST_KILL_CYCLES for the long form.
	killCycles = 30
	writers    = 24
)

// author is somebody who reports through the API.
type author struct{ person, token string }

func cycles(t *testing.T) int {
	s := os.Getenv("JEJAK_TEST_KILL_CYCLES")
	if s == "" {
		return killCycles
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("JEJAK_TEST_KILL_CYCLES=%q is no number of cycles", s)
	}
	return n
}

// authors makes a token for some people of the demonstration.
func authors(t *testing.T, p *product, n int) []author {
	t.Helper()
	people, err := pgx.CollectRows(p.query(`select distinct person from readmodel.directory_v1_person order by person limit $1`, n), pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	var list []author
	for _, person := range people {
		token := command(t, p.dir, "token", "create", "--person", person, "--scope", "read", "--scope", "write", "--name", "kill test")
		list = append(list, author{person, strings.TrimSpace(token)})
	}
	return list
}

// report sends one report and says whether it was acknowledged.
func (a author) report(ctx context.Context, url, key string) error {
	_, err := a.reportAt(ctx, url, key)
	return err
}

// reportAt is report, and gives the position of the fact as the header has it.
func (a author) reportAt(ctx context.Context, url, key string) (position string, err error) {
	body := fmt.Sprintf(`{"text":"Laporan %s","quantity_hundredths":100,"measure":"berkas"}`, key)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/reports", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+a.token)
	req.Header.Set("Idempotency-Key", key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %s", resp.Status, answer)
	}
	return resp.Header.Get("Jejak-Position"), err
}

// TestKillNineUnderWritingLoadLosesNothingAndDoublesNothing kills the whole
// program again and again while people write, and looks at the log at the end.
func TestKillNineUnderWritingLoadLosesNothingAndDoublesNothing(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	dir := stateDir(t)
	p := serve(t, dir, "--demo", "--people", "20")
	p.seeded()
	people, h := authors(t, p, 8), newHistory()
	open := make([]string, writers) // each writer's request of unknown fate
	var slowest time.Duration
	for cycle := range cycles(t) {
		ctx, cancel := context.WithCancel(t.Context())
		var work sync.WaitGroup
		for w := range writers {
			work.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					key := open[w]
					if key == "" {
						key = fmt.Sprintf("kill-%d-%d-%d", cycle, w, n)
						h.note(key, unknown)
					}
					open[w] = key
					if people[w%len(people)].report(ctx, p.url, key) != nil {
						return // of unknown fate: asked again after the restart
					}
					h.note(key, acknowledged)
					open[w] = ""
				}
			})
		}
		timer := time.NewTimer(time.Duration(200+dice.IntN(1800)) * time.Millisecond)
		<-timer.C
		p.kill()
		cancel()
		work.Wait()
		begin := time.Now()
		p = serve(t, dir)
		slowest = max(slowest, time.Since(begin))
	}
	for w, key := range open {
		if key == "" {
			continue
		}
		if err := people[w%len(people)].report(t.Context(), p.url, key); err != nil {
			t.Errorf("%s could not be settled: %v", key, err)
		}
		h.note(key, acknowledged)
	}
	p.ready()
	h.check(t, p.log())
	t.Logf("%s after %d cycles; slowest restart %v", h, cycles(t), slowest)
	if h.count(acknowledged) < writers*cycles(t)/4 {
		t.Errorf("only %s: there was no load", h)
	}
	p.stop()
	equalToRebuild(t, dir)
}

// log reads every event as the database holds it.
func (p *product) log() []stored {
	p.t.Helper()
	rows := p.query(`select e.pos, e.rev, s.name, coalesce(case when left(s.name, 1) <> '$' and e.json then convert_from(e.meta, 'UTF8')::json ->> 'cmd' end, '')
		from eventstore.events e join eventstore.streams s using (sid) order by e.pos`)
	events, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e stored, err error) {
		err = row.Scan(&e.position, &e.revision, &e.stream, &e.key)
		return e, err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return events
}

// equalToRebuild fails when a read model differs from what the log says.
func equalToRebuild(t *testing.T, dir string) {
	t.Helper()
	models := 0
	for line := range strings.Lines(command(t, dir, "projection", "check")) {
		var answer struct {
			Projection string
			Rows       int64
			Equal      bool
		}
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			t.Fatal(err)
		}
		if !answer.Equal {
			t.Errorf("%s differs from its rebuild", answer.Projection)
		}
		models++
	}
	if models == 0 {
		t.Fatal("no read model was compared")
	}
}
