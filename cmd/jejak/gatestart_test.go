package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/internal/bench"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// started is a program that was just executed.
type started struct {
	url string
	cmd *exec.Cmd
}

// start executes a program that prints its address, and reads that.
func start(ctx context.Context, path string, args ...string) (*started, error) {
	s := &started{cmd: exec.CommandContext(ctx, path, args...)}
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if s.url = strings.TrimSpace(line); err != nil {
		return nil, errors.Join(fmt.Errorf("%s said no address: %w", path, err), s.stop())
	}
	return s, nil
}

// stop interrupts the program and waits for its end.
func (s *started) stop() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	err := s.cmd.Wait()
	if _, ended := errors.AsType[*exec.ExitError](err); ended {
		return nil // of the signal
	}
	return err
}

// starting is the variant that executes a program until a first request is done.
func starting(name string, first func(ctx context.Context, url string) error, path string, args ...string) bench.Variant {
	return bench.Variant{Name: name, Work: func(ctx context.Context, _ time.Duration) (bench.Sample, error) {
		watch := clock.Watch()
		s, err := start(ctx, path, args...)
		if err != nil {
			return bench.Sample{}, err
		}
		err = first(ctx, s.url)
		took := watch()
		return bench.Sample{Count: 1, Took: took, Each: []time.Duration{took}}, errors.Join(err, s.stop())
	}}
}

// alive is the first answer of a program.
func alive(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/healthz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return nil
}

const report = `{"text":"Laporan harian tentang berkas yang selesai","quantity_hundredths":100,"measure":"berkas"}`

// commanded is the first command of a program.
func (a author) commanded(ctx context.Context, url string) error {
	return a.ask(ctx, http.DefaultClient, http.MethodPost, url+"/v1/reports", report)
}

// fillTown makes a small city in a database, with so many events beside it, and
// every read model at the head. It gives somebody who may report.
func fillTown(t *testing.T, databaseURL string, events int) (author, *Config) {
	t.Helper()
	config := &Config{StateDir: stateDir(t), DatabaseURL: databaseURL, Zone: "Asia/Jakarta"}
	if err := config.check(); err != nil {
		t.Fatal(err)
	}
	r, end := openSilent(t, config)
	defer end()
	if err := bench.MustBeDurable(t.Context(), r.pool); err != nil {
		t.Fatal(err)
	}
	if err := r.seed(t.Context(), demoFlags{People: 24, Seed: 1972}, func(int, int, string) {}); err != nil {
		t.Fatal(err)
	}
	town := &gateTown{rooms: r, t: t}
	if events > 0 {
		town.fill(events)
	}
	town.catchUp()
	town.makeAuthors()
	return town.authors[0], config
}

// fill adds an invented history beside the city; what it says of indicators the
// real figures would contradict, so those are left out.
func (g *gateTown) fill(events int) {
	g.t.Helper()
	t, ok := g.t.(*testing.T)
	if !ok {
		g.t.Fatal("only a test fills a town")
	}
	appendAll(t, g.rooms, projectiontest.History(t, 9, projectiontest.Size{People: 2500, Units: 60, Steps: events, Pace: time.Minute}))
}

func buildReference(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "reference")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./testdata/reference").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

func newDatabase(t *testing.T, url, name string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), "create database "+name+" encoding 'UTF8' template template0"); err != nil {
		t.Fatal(err)
	}
}

// bigShare of EVENTS is how long the long log is.
const bigShare = 4

func TestGateStart(t *testing.T) {
	setup := bench.Asked(t, "G20")
	const (
		referenceName = "reference: exec -> first 200"
		firstName     = "exec -> first 200"
		commandName   = "exec -> first command"
		bigName       = "exec -> first 200, long log"
	)
	cluster := pgtest.DurableServer(t)
	var args [2][]string
	var who author
	for i, events := range []int{0, setup.Events / bigShare} {
		name := fmt.Sprint("town", i)
		newDatabase(t, cluster.URL("postgres"), name)
		a, config := fillTown(t, cluster.URL(name), events)
		args[i] = []string{"serve", "--state-dir", config.StateDir, "--database-url", config.DatabaseURL, "--listen", "127.0.0.1:0", "--log-level", "error"}
		if i == 0 {
			who = a
		}
	}
	program, first := binary(t), alive
	plan := bench.Plan{
		Meter: bench.Processes(cluster.PID()),
		Variants: []bench.Variant{
			starting(referenceName, first, buildReference(t), cluster.URL("town0")),
			starting(firstName, first, program, args[0]...),
			starting(commandName, who.commanded, program, args[0]...),
			starting(bigName, first, program, args[1]...),
		},
	}
	gate := func(what string, must float64, target bench.Bound) bench.Gate {
		return bench.Gate{ID: "G20", What: "start, " + what, Must: bench.AtMost(must), Target: target}
	}
	p50 := bench.Quantile(0.5)
	setup.Measure(t, plan,
		bench.Check{Of: firstName, To: referenceName, Metric: p50, Gate: gate("first 200 over a reference's", 5, bench.AtMost(2.5))},
		bench.Check{Of: commandName, To: firstName, Metric: p50, Gate: gate("first command over first 200", 1.5, bench.Bound{})},
		bench.Check{Of: bigName, To: firstName, Metric: p50, Gate: gate("first 200 on a long log over that on a short one", 1.5, bench.Bound{})},
	)
}

// residentMB is a process's resident memory.
func residentMB(t *testing.T, pid int) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	mb := statusMB(string(status), "VmRSS:")
	if mb == 0 {
		t.Fatal("the process does not tell its resident memory")
	}
	return mb
}

func TestGateMemory(t *testing.T) {
	setup := bench.Asked(t, "G19")
	const (
		commands    = 10_000
		subscribers = 500
	)
	p := serve(t, stateDir(t), "--demo", "--people", "24")
	p.seeded()
	people := authors(t, p, 16)
	p.stop()
	p = serve(t, p.dir, "--log-level", "error")
	p.ready()
	idle := residentMB(t, p.cmd.Process.Pid)
	setup.Tell(t, bench.Gate{ID: "G19", What: "resident memory idle, MB", Must: bench.AtMost(45), Target: bench.AtMost(30)}, idle)

	token := strings.TrimSpace(command(t, p.dir, "token", "create", "--person", people[0].person, "--scope", "feed", "--name", "gates"))
	closeAll := openStreams(t, p.url, token, subscribers)
	each := (residentMB(t, p.cmd.Process.Pid) - idle) * 1000 / subscribers
	closeAll()
	setup.Tell(t, bench.Gate{ID: "G19", What: "resident memory of a follower of the event feed, kB", Must: bench.AtMost(32), Target: bench.AtMost(4)}, each)

	p.stop()
	p = serve(t, p.dir, "--log-level", "error") // nothing of the followers is left
	client := visitors(t, gateConnections)
	var sending errgroup.Group
	sending.SetLimit(gateConnections)
	for n := range commands {
		sending.Go(func() error {
			return people[n%len(people)].ask(t.Context(), client, http.MethodPost, p.url+"/v1/reports", report)
		})
	}
	if err := sending.Wait(); err != nil {
		t.Fatal(err)
	}
	p.ready()
	loaded := residentMB(t, p.cmd.Process.Pid)
	setup.Tell(t, bench.Gate{ID: "G19", What: "resident memory after 10,000 commands, MB", Must: bench.AtMost(70), Target: bench.AtMost(45)}, loaded)
}

// openStreams opens so many event streams at the end of the log.
func openStreams(t *testing.T, url, token string, n int) (closeAll func()) {
	t.Helper()
	client := visitors(t, n)
	var open []*http.Response
	for range n {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", "text/event-stream")
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Last-Event-ID", "9007199254740000")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if open = append(open, resp); resp.StatusCode != http.StatusOK {
			t.Fatalf("follow the feed: %s", resp.Status)
		}
	}
	return func() {
		for _, resp := range open {
			resp.Body.Close()
		}
	}
}
