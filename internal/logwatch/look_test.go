package logwatch_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/logwatch"
)

// fake is a log whose n-th event is at n times step.
type fake struct {
	ids   []string
	step  uint64
	asked atomic.Int64
	err   error
}

func logOf(prefix string, n int) *fake {
	f := &fake{step: 1}
	for i := range n {
		f.ids = append(f.ids, fmt.Sprintf("%s%d", prefix, i+1))
	}
	return f
}

func (f *fake) At(_ context.Context, commit, prepare uint64) (string, bool, error) {
	f.asked.Add(1)
	n := commit / f.step
	if commit != prepare || commit%f.step != 0 || n == 0 || n > uint64(len(f.ids)) {
		return "", false, f.err
	}
	return f.ids[n-1], true, f.err
}

func (f *fake) First(context.Context) (logwatch.Place, bool, error) {
	if len(f.ids) == 0 {
		return logwatch.Place{}, false, f.err
	}
	return logwatch.Place{Commit: f.step, Prepare: f.step, ID: f.ids[0]}, true, f.err
}

func (f *fake) End(context.Context) (uint64, error) { return uint64(len(f.ids)) * f.step, f.err }

func place(prefix string, n uint64) logwatch.Place {
	return logwatch.Place{Commit: n, Prepare: n, ID: fmt.Sprintf("%s%d", prefix, n)}
}

func TestALookTellsInWhichWayALogIsNotTheRightOne(t *testing.T) {
	known := logwatch.Known{First: place("a", 1), Marks: []logwatch.Place{place("a", 50), place("a", 40), place("a", 50), {Commit: 45, Prepare: 45}}}
	parted := logOf("a", 45)
	parted.ids = append(parted.ids, logOf("b", 20).ids...)
	wide := logOf("a", 100)
	wide.step = 700
	for what, row := range map[string]struct {
		log     *fake
		known   logwatch.Known
		want    logwatch.State
		missing uint64
	}{
		"the log as it was":                {logOf("a", 50), known, logwatch.Same, 0},
		"the log, gone on":                 {logOf("a", 90), known, logwatch.Same, 0},
		"put back":                         {logOf("a", 45), known, logwatch.Older, 50},
		"put back before all":              {logOf("a", 2), known, logwatch.Older, 50},
		"put back and gone on":             {parted, known, logwatch.Other, 50},
		"emptied":                          {logOf("a", 0), known, logwatch.Empty, 50},
		"another's, shorter":               {logOf("z", 10), known, logwatch.Other, 50},
		"another's, longer":                {logOf("z", 99), known, logwatch.Other, 50},
		"the same, at other places":        {wide, known, logwatch.Other, 50},
		"a database that knows nothing":    {logOf("z", 10), logwatch.Known{}, logwatch.Same, 0},
		"nothing on either side":           {logOf("z", 0), logwatch.Known{}, logwatch.Same, 0},
		"beyond the end, though not noted": {logOf("a", 50), logwatch.Known{Marks: []logwatch.Place{{Commit: 60, Prepare: 60}}}, logwatch.Other, 60},
		"the first event only":             {logOf("z", 9), logwatch.Known{First: place("a", 1)}, logwatch.Other, 1},
	} {
		t.Run(what, func(t *testing.T) {
			f, err := logwatch.Look(t.Context(), row.log, row.known)
			if err != nil || f.State != row.want || f.Missing.Commit != row.missing {
				t.Errorf("%+v, %v", f, err)
			}
			if row.want == logwatch.Same && row.log.asked.Load() > 4 {
				t.Errorf("asked %d times", row.log.asked.Load())
			}
		})
	}
	away := logOf("a", 50)
	away.err = errors.New("away")
	if f, err := logwatch.Look(t.Context(), away, known); err == nil || f.State != logwatch.Unknown {
		t.Errorf("%+v, %v", f, err)
	}
}
