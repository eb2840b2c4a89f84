package access

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/node/golden"
	"github.com/jejak-kinerja/jejak/internal/node/nodetest"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(pgtest.Suite{M: m}, goleak.IgnoreAnyFunction("github.com/dlclark/regexp2.runClock"))
}

const (
	// nodes share the scenarios: most of a scenario's time is waiting.
	nodes = 8

	// everyNth scenario is replayed, and those of the defaults, unless
	// JEJAK_TEST_GOLDEN asks for all.
	everyNth = 3
)

// TestGoldenAccess holds the node's rights against those of EventStoreDB 24.2.0,
// with what a node answers otherwise on purpose in testdata/deviations.json.
// With JEJAK_TEST_GOLDEN all are replayed; it may name a folder with another set, in
// access/ or itself.
func TestGoldenAccess(t *testing.T) {
	ours := load(t, LoadDeviations, os.DirFS("testdata"), "deviations.json")
	t.Run("by default", func(t *testing.T) {
		t.Parallel()
		set := load(t, Load, os.DirFS("testdata"), "access.json.gz")
		replay(t, set, ours, node.Options{})
	})
	t.Run("with anonymous callers allowed", func(t *testing.T) {
		t.Parallel()
		set := load(t, Load, os.DirFS("testdata"), "access.json.gz")
		if err := set.allowAnonymous(os.DirFS("testdata"), "anonymous.json.gz"); err != nil {
			t.Fatal(err)
		}
		theirs := load(t, LoadDeviations, os.DirFS("testdata"), "deviations-anonymous.json")
		replay(t, set, theirs, node.Options{AllowAnonymous: true})
	})
	t.Run("services that the node does not have", func(t *testing.T) {
		set := load(t, Load, os.DirFS("testdata"), "access.json.gz")
		conn := serve(t, set, node.Options{})
		asked := 0
		for key, r := range set.Requests {
			if service, _, _ := strings.Cut(r.RPC, "."); service != "users" && service != "operations" && service != "monitoring" {
				continue
			}
			asked++
			if code := codeOf(t, set, conn, r.RPC); code != "UNIMPLEMENTED" {
				t.Errorf("%s is answered with %s", key, code)
			}
		}
		if asked == 0 {
			t.Error("the set asks for none")
		}
	})
	folder := os.Getenv("JEJAK_TEST_GOLDEN")
	if folder == "" || folder == "all" {
		return
	}
	t.Run("of a folder", func(t *testing.T) {
		t.Parallel()
		if _, err := os.Stat(filepath.Join(folder, "access")); err == nil {
			folder = filepath.Join(folder, "access")
		}
		set := load(t, Load, os.DirFS(folder), "access.json")
		replay(t, set, &Deviations{Kinds: ours.Kinds, Loose: true}, node.Options{})
	})
}

func TestEachDeviationHasItsReasonInTheDocs(t *testing.T) {
	docs, err := os.ReadFile("../../../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := load(t, LoadDeviations, os.DirFS("testdata"), "deviations.json")
	anonymous := load(t, LoadDeviations, os.DirFS("testdata"), "deviations-anonymous.json")
	for _, kind := range slices.Concat(slices.Collect(maps.Keys(listed.Kinds)), slices.Collect(maps.Keys(anonymous.Kinds))) {
		if listed.Kinds[kind].Why == "" || !strings.Contains(string(docs), "`"+kind+"`") {
			t.Errorf("%q has no reason in the list, or none in docs/protocol.md", kind)
		}
	}
}

func load[T any](t *testing.T, from func(fs.FS, string) (T, error), files fs.FS, name string) T {
	t.Helper()
	v, err := from(files, name)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// replay plays the chosen scenarios, dealt out to several nodes that work side by side.
func replay(t *testing.T, set *Set, listed *Deviations, o node.Options) {
	nth := everyNth
	if os.Getenv("JEJAK_TEST_GOLDEN") != "" {
		nth = 1
	}
	dealt := make([][]Scenario, nodes) // those that look at a fresh server to the first, those that wait long before others
	for _, wanted := range []func(Scenario) bool{isDefault, isSlow, isQuick} {
		for i, s := range set.Scenarios {
			switch {
			case s.Needs != "" || !wanted(s):
			case isDefault(s):
				dealt[0] = append(dealt[0], s)
			case i%nth == 0:
				dealt[i%nodes] = append(dealt[i%nodes], s)
			}
		}
	}
	outcomes, failed := make([][]Outcome, nodes), make([]error, nodes)
	var playing sync.WaitGroup
	for n, scenarios := range dealt {
		conn := serve(t, set, o)
		playing.Go(func() {
			for _, s := range scenarios {
				played, err := set.Play(t.Context(), conn, s)
				outcomes[n], failed[n] = append(outcomes[n], played...), errors.Join(failed[n], err)
			}
		})
	}
	playing.Wait()
	if err := errors.Join(failed...); err != nil {
		t.Fatal(err)
	}
	of := map[string][]Outcome{}
	for _, o := range slices.Concat(outcomes...) {
		of[o.Scenario] = append(of[o.Scenario], o)
	}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		t.Run(name, func(t *testing.T) { judge(t, of[name], listed) })
	}
}

func isDefault(s Scenario) bool { return strings.HasPrefix(s.Name, "default.") }
func isSlow(s Scenario) bool    { return s.Slow && !isDefault(s) }
func isQuick(s Scenario) bool   { return !s.Slow && !isDefault(s) }

// judge holds outcomes against the list of deviations, both ways.
func judge(t *testing.T, all []Outcome, listed *Deviations) {
	for _, o := range all {
		kind := listed.KindOf(o)
		switch {
		case o.Difference != "" && kind == "":
			t.Errorf("step %d as %s: %s", o.Step, o.Label, o.Difference)
		case o.Difference == "" && kind != "" && !listed.Loose:
			t.Errorf("step %d as %s: listed as %q, but the answer is the recorded one", o.Step, o.Label, kind)
		}
	}
}

// serve runs a node with the users of a set and connects to it.
func serve(t *testing.T, set *Set, o node.Options) grpc.ClientConnInterface {
	t.Helper()
	file := filepath.Join(t.TempDir(), "node.crt")
	certificate := nodetest.Certificate(t, file)
	o.DatabaseURL, o.Log = pgtest.URL(t), slog.New(slog.DiscardHandler)
	o.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	for _, label := range slices.Sorted(maps.Keys(set.Users)) {
		if u := set.Users[label]; u.Groups != nil && !u.Disabled {
			o.Users = append(o.Users, node.User{Name: u.Name, Password: quickly(t, u.Password), Groups: u.Groups})
		}
	}
	n, err := node.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- n.Serve(l) }()
	trusted, err := credentials.NewClientTLSFromFile(file, "")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(trusted), grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(32<<20)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
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

// codeOf calls a procedure without anything as the administrator.
func codeOf(t *testing.T, set *Set, conn grpc.ClientConnInterface, rpc string) string {
	t.Helper()
	method, err := golden.FindMethod(rpc)
	if err != nil {
		t.Fatal(err)
	}
	c, err := golden.Start(t.Context(), conn, method, set.credentials("admin"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Cancel()
	if err := c.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if _, over := c.Take(0, true, 0, stepLimit); !over {
		t.Fatalf("%s does not end", rpc)
	}
	return c.Status().Code
}

// quickly hashes a password with one round: many callers, and no secrets here.
func quickly(t *testing.T, password string) string {
	t.Helper()
	salt := []byte("salt")
	hash, err := pbkdf2.Key(sha256.New, password, salt, 1, sha256.Size)
	if err != nil {
		t.Fatal(err)
	}
	text := base64.RawStdEncoding
	return fmt.Sprintf("pbkdf2-sha256$1$%s$%s", text.EncodeToString(salt), text.EncodeToString(hash))
}
