package main

import (
	"encoding/json"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/backup"
)

// TestALedgerMovesToAnEventStoreOfItsOwnAndBack rehearses the way to grow, and the
// way back, as docs/runbook.md has them: each restore is killed in the middle.
func TestALedgerMovesToAnEventStoreOfItsOwnAndBack(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	dir, first, second := stateDir(t), filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "second")
	p := serve(t, dir, "--demo", "--people", backupPeople(t))
	p.seeded()
	p.stop()
	command(t, dir, "backup", "--to", first)
	before := streamsOf(t, first)

	url := standalone(t)
	grown := freshState(t, dir)
	move(t, dice, grown, first, "--eventstore-url", url)
	command(t, grown, "backup", "--to", second, "--eventstore-url", url)
	if after := streamsOf(t, second); !reflect.DeepEqual(after, before) {
		t.Errorf("%d streams moved, there were %d; or they are others", len(after), len(before))
	}

	back, third := freshState(t, dir), filepath.Join(t.TempDir(), "third")
	move(t, dice, back, second)
	command(t, back, "backup", "--to", third)
	if after := streamsOf(t, third); !reflect.DeepEqual(after, before) {
		t.Errorf("%d streams came back, there were %d; or they are others", len(after), len(before))
	}
}

// move restores, broken off twice, lets the service fill its read models and verifies.
func move(t *testing.T, dice *rand.Rand, dir, from string, flags ...string) {
	t.Helper()
	restore := append([]string{"restore", "--from", from}, flags...)
	for range 2 {
		killed(t, dice, "restore events", dir, restore...)
	}
	var done restored
	if code, out, messages := attempt(t, dir, restore...); code == exitOK {
		if err := json.Unmarshal([]byte(out), &done); err != nil {
			t.Fatal(err)
		}
		t.Logf("resumed: %t, order kept: %t", done.Resume, done.OrderKept)
	} else if !strings.Contains(messages, "was restored into it") { // it was quicker than the signal
		t.Fatalf("exit code %d: %s", code, messages)
	}
	p := serve(t, dir, flags...)
	p.ready()
	p.stop()
	if out := command(t, dir, append([]string{"verify"}, flags...)...); !strings.Contains(out, " 0 findings") {
		t.Error(out)
	}
}

// streamsOf gives a hash of the events of each stream of a backup, in their order.
func streamsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	b, err := backup.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	streams := map[string]backup.Digest{}
	for e, err := range b.Read() {
		if err != nil {
			t.Fatal(err)
		}
		if !e.System() {
			streams[e.Stream] = streams[e.Stream].Add(e)
		}
	}
	sums := map[string]string{}
	for name, d := range streams {
		sums[name] = d.String()
	}
	if len(sums) < 100 {
		t.Fatalf("only %d streams", len(sums))
	}
	return sums
}
