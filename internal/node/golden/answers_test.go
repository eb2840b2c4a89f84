package golden_test

import (
	"context"
	"flag"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/node/golden"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", strconv.Itoa(nodes)); err != nil { // whatever the processors: they wait
		panic(err)
	}
	os.Exit(pgtest.Suite{M: m}.Run())
}

const (
	// nodes work side by side: most of a scenario is waiting for what must not come.
	nodes = 6

	// generatedShare of the generated scenarios is replayed unless all are asked for.
	generatedShare = 3
)

// The answers of a real server are the judge: a subtest for each scenario. With
// JEJAK_TEST_GOLDEN, "all" or a folder of other recordings, all are replayed, those
// of the folder but for the steps that a deviations.json in it allows; without it a
// fixed third of the generated ones.
func TestGoldenAnswers(t *testing.T) {
	folder := os.Getenv("JEJAK_TEST_GOLDEN")
	scenarios := load(t, os.DirFS("testdata"), folder != "")
	kept := readKept(t, os.DirFS("testdata"))
	allowed := kept
	if folder != "" && folder != "all" {
		scenarios = append(scenarios, load(t, os.DirFS(folder), true)...)
		allowed = kept.with(readDeviations(t, os.DirFS(folder)))
	}
	free := make(chan grpc.ClientConnInterface, nodes)
	for range nodes {
		free <- startNode(t)
	}
	differs := newSeen()
	t.Run("scenario", func(t *testing.T) {
		for _, s := range scenarios {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				conn := <-free
				defer func() { free <- conn }()
				hold(t, conn, s, allowed, differs)
			})
		}
	})
	// The list of what we keep must stay true.
	for _, s := range scenarios {
		for i := range s.Steps {
			if kind := kept.kind(s.Name, i); kind != "" && !differs.has(s.Name, i) {
				t.Errorf("%s, step %d: no longer differs, take it out of testdata/kept.json (%s)", s.Name, i, kind)
			}
		}
	}
}

// hold replays a scenario and holds each answer against the recorded one.
func hold(t *testing.T, conn grpc.ClientConnInterface, s golden.Scenario, kept keptAnswers, differs *seen) {
	got, err := golden.Play(t.Context(), conn, s, func(step int) bool { return kept.kind(s.Name, step) != "" })
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range s.Steps {
		difference, err := golden.Difference(s, i, got[i])
		if err != nil {
			t.Errorf("step %d: %v", i, err)
			continue
		}
		if difference == "" {
			continue
		}
		differs.add(s.Name, i)
		if kept.kind(s.Name, i) == "" {
			t.Errorf("step %d, %s%s: - as recorded, + ours%s", i, step.RPC, step.On, difference)
		}
	}
}

// seen are the steps that differ.
type seen struct {
	mu    sync.Mutex
	steps map[keptStep]bool
}

func newSeen() *seen { return &seen{steps: map[keptStep]bool{}} }

func (s *seen) add(scenario string, step int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steps[keptStep{scenario, step}] = true
}

func (s *seen) has(scenario string, step int) bool { return s.steps[keptStep{scenario, step}] }

// load reads all scenarios of a folder; of the generated ones a part unless all
// are wanted.
func load(t *testing.T, files fs.FS, all bool) (scenarios []golden.Scenario) {
	t.Helper()
	names, err := fs.Glob(files, "*.json*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasPrefix(name, "deviations") || strings.HasPrefix(name, "kept") {
			continue
		}
		found, err := golden.Load(files, name)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range found {
			if all || s.Theme() != "random" || i%generatedShare == 0 {
				scenarios = append(scenarios, s)
			}
		}
	}
	if len(scenarios) == 0 {
		t.Fatal("no scenarios")
	}
	return scenarios
}

// startNode serves a general-purpose node, without TLS, and connects to it.
func startNode(t *testing.T) *grpc.ClientConn {
	t.Helper()
	n, err := node.Open(t.Context(), node.Options{DatabaseURL: pgtest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- n.Serve(l) }()
	conn, err := grpc.NewClient("dns:///"+l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(17<<20)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := n.Close(ctx); err != nil {
			t.Errorf("close the node: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return conn
}
