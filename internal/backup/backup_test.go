package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// aLog makes n events, those from a position on.
func aLog(from, n int) []Event {
	events := make([]Event, n)
	for i := range events {
		at := uint64(from + i)
		events[i] = Event{
			Position: at, Prepare: at, Stream: fmt.Sprintf("plan-%d", at%7), Revision: at / 7,
			ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, at)).String(), Type: "plan.submitted.v1", ContentType: "application/json",
			Created: time.Unix(0, int64(at)*100).UTC(), Data: fmt.Appendf(nil, `{"n":%d}`, at), Metadata: []byte(`{"v":1}`),
		}
	}
	return events
}

func sequence(events []Event, fails error) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
		if fails != nil {
			yield(Event{}, fails)
		}
	}
}

var made = time.Date(2026, 11, 27, 3, 0, 0, 0, time.UTC)

// write brings a backup up to date with what a log of n events holds more.
func write(t *testing.T, dir string, n int) (Manifest, int) {
	t.Helper()
	w, err := NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	at, _ := w.Head()
	if err := w.Whole(true); err != nil {
		t.Fatal(err)
	}
	if err := w.Events(t.Context(), sequence(aLog(int(at.Commit)+1, n-int(at.Commit)), nil), func(int) {}); err != nil {
		t.Fatal(err)
	}
	m, fresh, err := w.Finish(nil, "kek", []Key{{"kek", []byte("secret")}}, "test", made)
	if err != nil {
		t.Fatal(err)
	}
	return m, fresh
}

func read(t *testing.T, dir string) []Event {
	t.Helper()
	b, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Check(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	var events []Event
	for e, err := range b.Read() {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

func TestEveryFieldComesBackAndEachRunAddsOnlyWhatIsNew(t *testing.T) {
	dir := t.TempDir()
	want := map[int]int{3: 1, 9_000: 1, 25_000: 3, 25_001: 3}
	for _, n := range []int{3, 9_000, 25_000, 25_000, 25_001} {
		before, _ := readManifest(dir, manifestName)
		m, fresh := write(t, dir, n)
		if fresh != n-before.Events || m.Events != n || len(m.Segments) != want[n] {
			t.Errorf("of %d events: %d are new, %d in %d files", n, fresh, m.Events, len(m.Segments))
		}
		if n == 25_000 && before.Events == n && !reflect.DeepEqual(before.Segments, m.Segments) {
			t.Error("files were written anew although nothing is new")
		}
		if got := read(t, dir); !reflect.DeepEqual(got, aLog(1, n)) {
			t.Fatalf("%d events came back otherwise", n)
		}
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 3+2 { // segments, key, manifest
		t.Errorf("%d files are left: %v", len(names), names)
	}
}

func TestAnUnfinishedBackupLeavesTheOldOneAndIsGoneOnWith(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, 50)
	broken := errors.New("the power is gone")
	w, err := NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Events(t.Context(), sequence(aLog(51, 14_000), broken), func(int) {}); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	w.Close()
	if got := read(t, dir); len(got) != 50 {
		t.Errorf("the old backup has %d events now", len(got))
	}
	w, err = NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	if at, _ := w.Head(); at.Commit != maxSegmentEvents {
		t.Errorf("it goes on after %d, not after the last whole file", at.Commit)
	}
	w.Close()
	write(t, dir, 14_050)
	if got := read(t, dir); !reflect.DeepEqual(got, aLog(1, 14_050)) {
		t.Error("what came back is not what was backed up")
	}
}

func TestWhatWasNeverFinishedIsNotRestored(t *testing.T) {
	dir := t.TempDir()
	w, err := NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Events(t.Context(), sequence(aLog(1, 10), nil), func(int) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "run jejak backup again") {
		t.Errorf("opened: %v", err)
	}
}

// TestEveryTruncatedChangedOrMissingFileIsNamed harms one file at a time.
func TestEveryTruncatedChangedOrMissingFileIsNamed(t *testing.T) {
	harms := map[string]func(content []byte) []byte{
		"truncated": func(c []byte) []byte { return c[:len(c)-len(c)/3-1] },
		"emptied":   func([]byte) []byte { return nil },
		"changed":   func(c []byte) []byte { c[len(c)/2] ^= 1; return c },
		"longer":    func(c []byte) []byte { return append(c, '}') },
		"missing":   nil,
	}
	for how, harm := range harms {
		sound := t.TempDir()
		write(t, sound, 10_500)
		files, err := os.ReadDir(sound)
		if err != nil || len(files) != 4 {
			t.Fatal(files, err)
		}
		for _, f := range files {
			t.Run(how+" "+f.Name(), func(t *testing.T) {
				path := filepath.Join(sound, f.Name())
				content, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if harm == nil {
					err = os.Remove(path)
				} else {
					err = os.WriteFile(path, harm(append([]byte{}, content...)), 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
				b, err := Open(sound)
				if err == nil {
					err = b.Check(t.Context(), func(int, int) {})
				}
				if d, ok := errors.AsType[*Damage](err); ok && d.File != f.Name() || !ok && !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("found: %v", err)
				}
				if err := os.WriteFile(path, content, 0o600); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

func TestAManifestThatNamesOtherEventsIsRefused(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, 20_500)
	m, err := readManifest(dir, manifestName)
	if err != nil {
		t.Fatal(err)
	}
	m.Segments = append(m.Segments[:1:1], m.Segments[2:]...) // one cut out, everything else as it was
	if err := m.write(dir, manifestName); err != nil {
		t.Fatal(err)
	}
	b, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range b.Read() {
	}
	if _, ok := errors.AsType[*Damage](err); !ok {
		t.Errorf("read: %v", err)
	}
}

func TestADirectoryIsForOneBackupAndOneWriter(t *testing.T) {
	dir := t.TempDir()
	w, err := NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewWriter(dir); !errors.Is(err, ErrBusy) {
		t.Errorf("a second writer: %v", err)
	}
	w.Close()
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewWriter(dir); err == nil || !strings.Contains(err.Error(), "letter.txt") {
		t.Errorf("a directory with other files: %v", err)
	}
}
