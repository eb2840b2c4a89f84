package backup

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"time"
)

// Writer makes a backup, or brings one up to date. Write the events first, then
// what the events need, then Finish. For one goroutine; Close it.
type Writer struct {
	dir    string
	unlock func() error
	m      Manifest
	digest Digest
	before int // events that were there when it began
}

// NewWriter opens a directory. A backup that is there is gone on with, and so is
// one that was broken off. Refused: ErrBusy, a Damage, and a directory that holds
// other files.
func NewWriter(dir string) (_ *Writer, err error) {
	w := &Writer{dir: dir}
	if w.unlock, err = lock(dir); err != nil {
		return nil, err
	}
	if err := errors.Join(foreign(dir), w.recall()); err != nil {
		return nil, errors.Join(err, w.unlock())
	}
	w.before = w.m.Events
	return w, nil
}

// recall finds what an earlier run has written: of the finished and the broken off
// backup the one that came further.
func (w *Writer) recall() error {
	finished, err := readManifest(w.dir, manifestName)
	if err != nil && !isMissing(err) {
		return err
	}
	w.m = finished
	if begun, err := readManifest(w.dir, unfinishedName); err == nil && begun.Events > finished.Events {
		w.m = begun // a damaged one is as good as none
	}
	for _, s := range w.m.Segments {
		if err := s.check(w.dir); err != nil {
			return err
		}
	}
	w.digest, err = digestOf(w.m.Digest)
	return err
}

func digestOf(text string) (d Digest, err error) {
	if text == "" {
		return d, nil
	}
	if n, err := hex.Decode(d[:], []byte(text)); err != nil || n != len(d) || len(text) != 2*len(d) {
		return d, damaged(manifestName, "its digest is none")
	}
	return d, nil
}

// Close ends the writing; what was not finished can be gone on with.
func (w *Writer) Close() error { return w.unlock() }

// Head is the last event that the backup holds already, with its id; zero for none.
func (w *Writer) Head() (at Cursor, id string) {
	if n := len(w.m.Segments); n > 0 {
		id = w.m.Segments[n-1].LastID
	}
	return w.m.Head(), id
}

// Whole says of which kind the log is (see Manifest); it cannot change.
func (w *Writer) Whole(whole bool) error {
	if len(w.m.Segments) > 0 && w.m.Whole != whole {
		return errors.New("the backup is of an event store of another kind: give an empty directory")
	}
	w.m.Whole = whole
	return nil
}

// Events writes the events that follow Head. A last segment that is not full is
// written anew with what follows. report is told how many events of the ledger the
// backup holds.
func (w *Writer) Events(ctx context.Context, events iter.Seq2[Event, error], report func(ledger int)) (err error) {
	var open *segmentWriter
	defer func() {
		if open != nil {
			err = errors.Join(err, open.file.drop())
		}
	}()
	keep := func() error {
		s, err := open.keep(w.digest)
		if err != nil {
			return err
		}
		open = nil
		w.note(s)
		return w.m.write(w.dir, unfinishedName)
	}
	for e, err := range events {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if open == nil {
			if open, err = w.next(e); err != nil {
				return err
			}
		}
		if err := open.add(e); err != nil {
			return err
		}
		w.digest = w.digest.Add(e)
		report(w.m.Ledger + open.Ledger)
		if open.full() {
			if err := keep(); err != nil {
				return err
			}
		}
	}
	if open != nil {
		return keep()
	}
	return nil
}

// next begins a segment: with the events of the last one, when that has room.
func (w *Writer) next(e Event) (*segmentWriter, error) {
	n := len(w.m.Segments)
	if n == 0 || w.m.Segments[n-1].Events >= maxSegmentEvents || w.m.Segments[n-1].Bytes >= maxSegmentBytes/8 {
		return newSegment(w.dir, e.Position)
	}
	last := w.m.Segments[n-1]
	open, err := newSegment(w.dir, last.First)
	if err != nil {
		return nil, err
	}
	for e, err := range last.read(w.dir) {
		if err == nil {
			err = open.add(e)
		}
		if err != nil {
			return nil, errors.Join(err, open.file.drop())
		}
	}
	w.m.Segments = w.m.Segments[:n-1]
	w.m.Events -= last.Events
	w.m.Ledger -= last.Ledger
	return open, nil
}

func (w *Writer) note(s Segment) {
	w.m.Segments = append(w.m.Segments, s)
	w.m.Events += s.Events
	w.m.Ledger += s.Ledger
	w.m.Digest = s.Digest
}

// purposes are what key files may be called.
var purposes = regexp.MustCompile(`^[a-z]+$`)

// Key is a key file to keep in the backup.
type Key struct {
	Purpose string // lower case letters
	Content []byte
}

// Finish writes the key files and the manifest, and removes what only the former
// one named. From then on the backup is whole. It gives the manifest, and how many
// events are new.
func (w *Writer) Finish(tables []Table, kek string, keys []Key, program string, made time.Time) (Manifest, int, error) {
	w.m.Tables, w.m.KEK, w.m.Keys, w.m.Program, w.m.Made = tables, kek, nil, program, made.UTC()
	for _, k := range keys {
		if !purposes.MatchString(k.Purpose) {
			return Manifest{}, 0, fmt.Errorf("%q is no name for a key file", k.Purpose)
		}
		name := fmt.Sprintf("key-%s-%x.bin", k.Purpose, made.UnixNano())
		file, err := writeFile(w.dir, name, func(b *bytes.Buffer) error { _, err := b.Write(k.Content); return err })
		if err != nil {
			return Manifest{}, 0, err
		}
		w.m.Keys = append(w.m.Keys, KeyFile{file, k.Purpose})
	}
	if err := w.m.write(w.dir, manifestName); err != nil {
		return Manifest{}, 0, err
	}
	return w.m, w.m.Events - w.before, sweep(w.dir, w.m)
}
