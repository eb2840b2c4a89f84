package eventlog_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/internal/eventlog/scripted"
)

// recordingsVariable names a folder of other recordings of the same form.
const recordingsVariable = "JEJAK_TEST_RECORDINGS"

const (
	patience = 30 * time.Second

	// quiet is how long is listened for what must not come.
	quiet = 50 * time.Millisecond
)

// TestRecordings puts every recorded call to our adapter and the official client: the
// answers are those of a real EventStoreDB, byte for byte. What must come of each is
// worked out from the recording alone, so that other recordings can be tried.
func TestRecordings(t *testing.T) {
	folders := []string{filepath.Join("testdata", "recordings")}
	if more := os.Getenv(recordingsVariable); more != "" {
		folders = append(folders, more)
	}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("there are no recordings in %s: %v", folder, err)
		}
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
				t.Parallel()
				recording, err := scripted.Load(file)
				if err != nil {
					t.Fatal(err)
				}
				replayAll(t, recording)
			})
		}
	}
}

// replayAll tries each call by itself, at a server of its own.
func replayAll(t *testing.T, recording *scripted.Recording) {
	tried := 0
	places := placesOf(t, recording)
	for _, call := range recording.Calls {
		try := planOf(t, recording, call)
		if try == nil {
			continue
		}
		tried++
		t.Run(fmt.Sprintf("%d %s", call.N, call.Label), func(t *testing.T) {
			try(t, &stage{recording: recording, call: call, places: places})
		})
	}
	if tried == 0 {
		t.Run("its server is one that we can connect to", func(t *testing.T) {
			s := &stage{recording: recording, places: places}
			s.open(t)
		})
	}
	t.Logf("%d of %d calls are of a kind that the adapter makes", tried, len(recording.Calls))
}

// planOf chooses how a call is tried; nil when the adapter never makes such a call.
func planOf(t *testing.T, recording *scripted.Recording, call *scripted.Recorded) func(*testing.T, *stage) {
	t.Helper()
	switch call.Method {
	case scripted.Append:
		return tryAppend
	case scripted.Read:
	default:
		return nil
	}
	frames, _, err := recording.Frames(call.Requests)
	if err != nil || len(frames) == 0 {
		t.Fatalf("call %d has no request: %v", call.N, err)
	}
	o, err := scripted.ReadOf(frames[0])
	if err != nil {
		t.Fatal(err)
	}
	back := o.GetReadDirection() == streams.ReadReq_Options_Backwards
	_, counted := o.GetCountOption().(*streams.ReadReq_Options_Count)
	all := o.GetAll()
	switch {
	case counted && o.GetCount() == 0, o.GetControlOption() != nil:
		return nil
	case all != nil && !counted && all.GetEnd() == nil:
		return trySubscription
	case all != nil && counted && !(back && all.GetStart() != nil) && !(!back && all.GetEnd() != nil):
		return tryReadAll
	case o.GetStream() != nil && counted && !back && o.GetStream().GetEnd() == nil:
		return tryReadStream
	}
	return nil
}

// placesOf are the positions of all events, and all checkpoints, of a recording.
func placesOf(t *testing.T, recording *scripted.Recording) map[uint64]bool {
	t.Helper()
	places := map[uint64]bool{}
	for _, call := range recording.Calls {
		if call.Method != scripted.Read {
			continue
		}
		frames, _, err := recording.Frames(call.Responses)
		if err != nil {
			t.Fatal(err)
		}
		for _, frame := range frames {
			event, answer, err := scripted.EventOf(frame)
			if err != nil {
				t.Fatal(err)
			}
			if event != nil {
				places[event.GetCommitPosition()] = true
			}
			if c := answer.GetCheckpoint(); c != nil && c.GetCommitPosition() > 0 && c.GetCommitPosition() <= math.MaxInt64 {
				places[c.GetCommitPosition()] = true
			}
		}
	}
	return places
}

func facts(ids []string) []commands.NewEvent {
	events := make([]commands.NewEvent, len(ids))
	for n, id := range ids {
		events[n] = commands.NewEvent{ID: domain.EventID(id), Body: person.PostAssigned{Post: fmt.Sprint("p", n), Title: "Staf",
			Level: person.Executive, Unit: "setda", From: "2026-01-01"},
			Meta: domain.Meta{Command: "key-00000001", Request: "cmVxdWVzdA", Capacity: domain.System, Authority: "import", Source: domain.FromImport,
				RecordedAt: noon, EffectiveAt: noon, Salt: "c2FsdHNhbHRzYWx0c2FsdA"}}
	}
	return events
}

var noon = time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)
