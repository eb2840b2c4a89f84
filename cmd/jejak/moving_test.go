package main

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/backup"
)

// TestALedgerMovesToAnEventStoreOfItsOwnAndBack rehearses the way to grow, and the
// way back, as docs/runbook.md has them: each restore is killed in the middle.
func TestALedgerMovesToAnEventStoreOfItsOwnAndBack(t *testing.T) {
	t.Parallel()
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

	findsReaders(t, grown, first, second, "--eventstore-url", url)

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

// findsReaders looks for the place of a reader of the feed in the new log, by the
// event that it had last and by its position in the old log.
func findsReaders(t *testing.T, dir, before, after string, flags ...string) {
	t.Helper()
	old, now := positionsOf(t, before), positionsOf(t, after)
	var last backup.Event // of a reader in the middle of the old log
	for _, e := range old {
		if e.Position <= uint64(len(old)/2) && e.Position > last.Position {
			last = e
		}
	}
	ask := func(args ...string) uint64 {
		var found cursor
		if err := json.Unmarshal([]byte(command(t, dir, append(append([]string{"feed", "cursor"}, args...), flags...)...)), &found); err != nil {
			t.Fatal(err)
		}
		return found.Position
	}
	if got := ask("--event", last.ID); got != now[last.ID].Position {
		t.Errorf("after the event %s a reader goes on at %d, not at %d", last.ID, got, now[last.ID].Position)
	}
	at := ask("--backup", before, "--position", strconv.FormatUint(last.Position, 10))
	next := uint64(math.MaxUint64)
	for id, e := range now {
		if e.Position <= at && old[id].Position > last.Position {
			t.Errorf("the reader at %d misses %s", at, id)
		}
		if e.Position > at {
			next = min(next, e.Position)
		}
	}
	for id, e := range now {
		if e.Position == next && old[id].Position <= last.Position {
			t.Errorf("the reader at %d meets %s again", at, id)
		}
	}
}

// positionsOf gives the ledger's events of a backup by their ids.
func positionsOf(t *testing.T, dir string) map[string]backup.Event {
	t.Helper()
	b, err := backup.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	events := map[string]backup.Event{}
	for e, err := range b.Read() {
		if err != nil {
			t.Fatal(err)
		}
		if !e.System() {
			events[e.ID] = e
		}
	}
	return events
}
