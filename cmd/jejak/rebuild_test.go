package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// rebuildPeople of the demonstration give about 60 events each.
// JEJAK_TEST_REBUILD_PEOPLE sets the long form: 1,600 for 100,000 events.
const rebuildPeople = 20

func peopleToRebuild(t *testing.T) string {
	s := os.Getenv("JEJAK_TEST_REBUILD_PEOPLE")
	if s == "" {
		return strconv.Itoa(rebuildPeople)
	}
	if n, err := strconv.Atoi(s); err != nil || n < 1 {
		t.Fatalf("JEJAK_TEST_REBUILD_PEOPLE=%q is no number of people", s)
	}
	return s
}

// begun starts a subcommand and gives what it tells on the way.
func begun(t *testing.T, dir string, args ...string) (*exec.Cmd, io.Reader) {
	t.Helper()
	cmd := exec.Command(binary(t), append(args, "--state-dir", dir, "--log-level", "warn")...)
	messages, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, messages
}

// killedAtFirstProgress starts a subcommand and kills it when it shows that it is
// under way.
func killedAtFirstProgress(t *testing.T, dir string, args ...string) (progress string) {
	t.Helper()
	cmd, messages := begun(t, dir, args...)
	var seen bytes.Buffer
	buffer := make([]byte, 4096)
	for {
		n, err := messages.Read(buffer)
		seen.Write(buffer[:n])
		if strings.Count(seen.String(), `"progress"`) >= 2 || err != nil {
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Errorf("kill: %v", err)
	}
	cmd.Wait() // it was killed
	return seen.String()
}

// errStale says that a page does not show a fact that was waited for.
var errStale = errors.New("what was written does not show yet")

// get asks the API for a page.
func (p *product) get(ctx context.Context, path, token string) (body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err == nil && resp.Header.Get("Jejak-Stale") != "" && ctx.Err() == nil {
		err = errStale
	}
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return body, err
}

// TestEveryReadModelIsRebuiltUnderLoadAndNobodyNotices rebuilds while people write
// and read; a rebuild is killed in the middle and goes on.
func TestEveryReadModelIsRebuiltUnderLoadAndNobodyNotices(t *testing.T) {
	dir := stateDir(t)
	p := serve(t, dir, "--demo", "--people", peopleToRebuild(t))
	p.seeded()
	people := authors(t, p, 4)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var work sync.WaitGroup
	var reads, writes atomic.Int64
	for _, a := range people {
		work.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				if err := a.report(ctx, p.url, fmt.Sprint("rebuild-", a.person, "-", n)); err != nil {
					if ctx.Err() == nil {
						t.Errorf("a write failed: %v", err)
					}
					return
				}
				writes.Add(1)
			}
		})
		work.Go(func() {
			for longest := 0; ctx.Err() == nil; reads.Add(1) {
				body, err := p.get(ctx, "/v1/people/"+a.person+"/timeline", a.token)
				if err != nil {
					if ctx.Err() == nil {
						t.Errorf("a read failed: %v", err)
					}
					return
				}
				if len(body) < longest/2 {
					t.Errorf("a page was %d bytes long, then %d", longest, len(body))
				}
				longest = max(longest, len(body))
			}
		})
	}
	begin := time.Now()
	t.Logf("killed at: %s", killedAtFirstProgress(t, dir, "projection", "rebuild", "audittrail_v3"))
	var slowest int64
	for line := range strings.Lines(command(t, dir, "projection", "list", "--json")) {
		var model struct {
			Projection string
			Position   uint64
		}
		if err := json.Unmarshal([]byte(line), &model); err != nil {
			t.Fatal(err)
		}
		for answer := range strings.Lines(command(t, dir, "projection", "rebuild", "--switch", model.Projection)) {
			var a struct {
				Waited int64 `json:"queries_waited_us"`
			}
			if err := json.Unmarshal([]byte(answer), &a); err != nil {
				t.Fatal(err)
			}
			slowest = max(slowest, a.Waited)
		}
		command(t, dir, "projection", "rollback", model.Projection)
	}
	took := time.Since(begin)
	stop()
	work.Wait()
	p.ready()
	t.Logf("%d events; all rebuilt, switched and rolled back in %v; queries waited at most %d µs (goal: 100 ms); %d reads and %d writes meanwhile",
		len(p.log()), took, slowest, reads.Load(), writes.Load())
	if reads.Load() == 0 || writes.Load() == 0 {
		t.Error("there was no load")
	}
	p.stop()
	equalToRebuild(t, dir)
}
