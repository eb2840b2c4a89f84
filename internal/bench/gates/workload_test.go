package gates

import (
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"
)

const (
	dataBytes = 500    // of an event's JSON body
	metaBytes = 150    // of its JSON metadata
	streams   = 10_000 // that are written to, in turn
)

var eventTypes = [...]string{"plan.opened.v1", "plan.signed.v1", "progress.reported.v1", "progress.answered.v1", "feedback.given.v1"}

// happening is one event as every variant stores it.
type happening struct {
	id         uuid.UUID
	stream     string
	revision   int64
	typ        string
	data, meta []byte
}

// writer makes happenings in streams of its own, so that the revision it expects
// is always right. One goroutine uses it.
type writer struct {
	random *rand.Rand
	names  []string
	next   []int64 // revision, by stream
	turn   int
}

// writers share the streams among so many callers. kind keeps the streams of two
// variants on one store apart.
func writers(kind string, callers int) []*writer {
	all := make([]*writer, callers)
	for c := range all {
		w := &writer{random: rand.New(rand.NewPCG(uint64(c), 7))}
		for range max(1, streams/callers) {
			w.names = append(w.names, fmt.Sprintf("%s-%d-%d", kind, c, len(w.names)))
		}
		w.next = make([]int64, len(w.names))
		all[c] = w
	}
	return all
}

// some gives the next n happenings of one stream.
func (w *writer) some(n int) []happening {
	s := w.turn % len(w.names)
	w.turn++
	out := make([]happening, n)
	for i := range out {
		out[i] = happening{
			id: newID(), stream: w.names[s], revision: w.next[s], typ: eventTypes[w.random.IntN(len(eventTypes))],
			data: dataObjects[w.random.IntN(len(dataObjects))], meta: metaObjects[w.random.IntN(len(metaObjects))],
		}
		w.next[s]++
	}
	return out
}

func (w *writer) one() happening { return w.some(1)[0] }

// objects are JSON bodies made once, so that making them costs nobody time.
func objects(bytes int) [][]byte {
	const (
		kinds   = 1_024
		letters = "abcdefghijklmnopqrstuvwxyz      "
		frame   = `{"amount":12345,"text":""}`
	)
	random := rand.New(rand.NewPCG(uint64(bytes), 11))
	all := make([][]byte, kinds)
	for i := range all {
		all[i] = fmt.Appendf(nil, `{"amount":%d,"text":"`, 10_000+random.IntN(90_000))
		for range bytes - len(frame) {
			all[i] = append(all[i], letters[random.IntN(len(letters))])
		}
		all[i] = append(all[i], `"}`...)
	}
	return all
}

var (
	dataObjects = objects(dataBytes)
	metaObjects = objects(metaBytes)
)

func newID() uuid.UUID { return uuid.New() }
