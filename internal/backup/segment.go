package backup

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
)

const (
	// maxSegmentEvents and maxSegmentBytes end a segment, whichever comes first: as
	// much as is written anew after a crash, and as a changed byte may cost.
	maxSegmentEvents = 10_000
	maxSegmentBytes  = 32 << 20

	// maxLineBytes: an append has at most 16 MiB, a third more in base64.
	maxLineBytes = 32 << 20
)

// segmentWriter writes one file of events.
type segmentWriter struct {
	file *newFile
	zip  *gzip.Writer
	enc  *json.Encoder
	size int64
	Segment
}

func newSegment(dir string, first uint64) (*segmentWriter, error) {
	file, err := createFile(dir, fmt.Sprintf("events-%012d", first))
	if err != nil {
		return nil, err
	}
	w := &segmentWriter{file: file, Segment: Segment{First: first}}
	if w.zip, err = gzip.NewWriterLevel(file, gzip.BestSpeed); err != nil {
		return nil, errors.Join(err, file.drop())
	}
	w.enc = json.NewEncoder(counted{w.zip, &w.size})
	w.enc.SetEscapeHTML(false)
	return w, nil
}

// counted counts what goes through.
type counted struct {
	io.Writer
	n *int64
}

// Write counts and writes.
func (c counted) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	*c.n += int64(n)
	return n, err
}

func (w *segmentWriter) add(e Event) error {
	if err := w.enc.Encode(e); err != nil {
		return fmt.Errorf("write an event to the backup: %w", err)
	}
	w.Last, w.LastPrepare, w.LastID = e.Position, e.Prepare, e.ID
	w.Events++
	if !e.System() {
		w.Ledger++
	}
	return nil
}

func (w *segmentWriter) full() bool { return w.Events >= maxSegmentEvents || w.size >= maxSegmentBytes }

func (w *segmentWriter) keep(d Digest) (s Segment, err error) {
	if err := w.zip.Close(); err != nil {
		return s, errors.Join(fmt.Errorf("write an events file: %w", err), w.file.drop())
	}
	w.Digest = d.String()
	w.File, err = w.file.keep(fmt.Sprintf("events-%012d-%012d.jsonl.gz", w.First, w.Last))
	return w.Segment, err
}

// read gives the events of a file, in order. What does not fit to what the
// manifest says of it is a Damage.
func (s Segment) read(dir string) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		n, ledger, last := 0, 0, Cursor{}
		for e, err := range readEvents(dir, s.Name) {
			if err != nil {
				yield(Event{}, err)
				return
			}
			at := Cursor{e.Position, e.Prepare}
			if n == 0 && e.Position != s.First || n > 0 && !last.before(at) {
				yield(Event{}, damaged(s.Name, "its events are not in order"))
				return
			}
			last = at
			if n++; !e.System() {
				ledger++
			}
			if !yield(e, nil) {
				return
			}
		}
		if n != s.Events || ledger != s.Ledger || last != (Cursor{s.Last, s.LastPrepare}) {
			yield(Event{}, damaged(s.Name, "it holds %d events up to %d, not %d up to %d", n, last.Commit, s.Events, s.Last))
		}
	}
}

func (c Cursor) before(o Cursor) bool {
	return c.Commit < o.Commit || c.Commit == o.Commit && c.Prepare < o.Prepare
}

func readEvents(dir, name string) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		file, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			if isMissing(err) {
				err = damaged(name, "it is missing")
			}
			yield(Event{}, err)
			return
		}
		defer file.Close() //nolint:errcheck // read only
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			yield(Event{}, damaged(name, "%v", err))
			return
		}
		lines := bufio.NewScanner(unzipped)
		lines.Buffer(make([]byte, 0, 64<<10), maxLineBytes)
		for lines.Scan() {
			var e Event
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				yield(Event{}, damaged(name, "a line is no event: %v", err))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Event{}, damaged(name, "%v", err))
		}
	}
}
