package history

// format is the version of the file's form.
const format = 1

// maxLineBytes bounds a line of a file that is read: a key, a stream's name and
// some numbers.
const maxLineBytes = 64 << 10

// header is the first line.
type header struct {
	Format int    `json:"format"`
	Seed   uint64 `json:"seed"`
	Name   string `json:"name"`
}

// line is every other one; exactly one of the words is set. Stored has its own
// word because a key may be empty: events of others need none.
type line struct {
	Sent         string  `json:"sent,omitempty"`
	Acknowledged string  `json:"acknowledged,omitempty"`
	Note         string  `json:"note,omitempty"`
	Holds        *int    `json:"holds,omitempty"`
	Foreign      uint64  `json:"foreign,omitempty"`
	Stored       *string `json:"stored,omitempty"`
	Position     uint64  `json:"position,omitempty"`
	Revision     uint64  `json:"revision,omitempty"`
	Stream       string  `json:"stream,omitempty"`
}

// Event is what a judge needs of a stored event.
type Event struct {
	Position uint64 // in the whole log, from 1
	Revision uint64 // in its stream, from 0
	Stream   string // one that begins with "$" is the store's own
	Key      string // of the request that asked for it; empty when it had none
}

func (e Event) line() line {
	return line{Stored: &e.Key, Position: e.Position, Revision: e.Revision, Stream: e.Stream}
}

func (l line) event() Event {
	return Event{Position: l.Position, Revision: l.Revision, Stream: l.Stream, Key: *l.Stored}
}
