package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// Recorder keeps a history while it happens. All methods may be called at once;
// the order of the calls is the order of the history, so a writer notes what it
// sends before it sends it, and what it was answered after the answer.
type Recorder struct {
	mu    sync.Mutex
	out   io.WriteCloser
	judge judge
	err   error // the first failure to write
}

// Create begins a history file. The seed is the one that all chance of the run
// comes from, the name says which run it was. It fails when the file exists.
func Create(path string, seed uint64, name string) (*Recorder, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("begin a history: %w", err)
	}
	r := &Recorder{out: file, judge: newJudge()}
	r.write(header{Format: format, Seed: seed, Name: name})
	return r, r.err
}

// Sent notes that a request is about to leave. A key is sent again when it is
// repeated, which changes nothing.
func (r *Recorder) Sent(key string) { r.add(line{Sent: key}) }

// Acknowledged notes that success was answered; position is where the event
// stands according to the answer, 0 when it does not say.
func (r *Recorder) Acknowledged(key string, position uint64) {
	r.add(line{Acknowledged: key, Position: position})
}

// Note keeps a sentence for the reader of the file.
func (r *Recorder) Note(text string) { r.add(line{Note: text}) }

// Holds notes everything that the store holds, in the order of its log. Up to the
// position foreign others have written too; after it every event outside of the
// store's own streams must have been asked for. A later call replaces an earlier.
func (r *Recorder) Holds(foreign uint64, events []Event) {
	n := len(events)
	r.add(line{Holds: &n, Foreign: foreign})
	for _, e := range events {
		r.add(e.line())
	}
}

// Counts gives how many requests were acknowledged, and of how many others
// nothing is known.
func (r *Recorder) Counts() (acknowledged, unknown int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.judge.counts()
}

// Check judges the history so far; see History.Check.
func (r *Recorder) Check() []Violation {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.judge.check()
}

// Close ends the file. Its error is the first that happened to it: the file is
// not whole then, while Check still knows everything.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(r.err, r.out.Close())
}

func (r *Recorder) add(l line) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.judge.hear(l)
	r.write(l)
}

// write puts a line into the file at once: nothing is held back that a reader of
// a run that ended badly would miss.
func (r *Recorder) write(l any) {
	text, err := json.Marshal(l)
	if err == nil {
		_, err = r.out.Write(append(text, '\n'))
	}
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("keep a history: %w", err)
	}
}
