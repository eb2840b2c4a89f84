package scripted

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// The methods that are recorded.
const (
	Append   = "/event_store.client.streams.Streams/Append"
	Read     = "/event_store.client.streams.Streams/Read"
	Gossip   = "/event_store.client.gossip.Gossip/Read"
	Features = "/event_store.client.server_features.ServerFeatures/GetSupportedMethods"
)

// Recording is one conversation with a real server.
type Recording struct {
	Name    string
	Teaches string
	Calls   []*Recorded
}

// Recorded is one call of it.
type Recorded struct {
	N          int
	Label      string
	Connection string
	Method     string
	Metadata   map[string]string
	Requests   []Message
	Responses  []Message
	End        End
}

// End is how a call ended.
type End struct {
	Kind     string
	Status   int
	Message  string
	Trailers map[string]string
}

// Message is one message, several of them packed, or a note that some were left out.
type Message struct {
	Ms     float64
	B64    []byte
	Run    string
	Count  int
	Gz     []byte
	SameAs *struct{ Call, Response int } `json:"same_as"`
}

// Load reads a recording.
func Load(path string) (*Recording, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &Recording{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// Frames gives messages one by one; not whole when some were left out of the recording.
func (r *Recording) Frames(messages []Message) (frames [][]byte, whole bool, err error) {
	whole = true
	for _, m := range messages {
		switch {
		case m.Gz != nil:
			run, err := unpack(m.Gz)
			if err != nil {
				return nil, false, err
			}
			frames = append(frames, run...)
		case m.Run != "":
			whole = false
		case m.SameAs != nil:
			frame, err := r.same(m.SameAs.Call, m.SameAs.Response)
			if err != nil {
				return nil, false, err
			}
			frames = append(frames, frame)
		default:
			frames = append(frames, m.B64)
		}
	}
	return frames, whole, nil
}

func (r *Recording) same(call, response int) ([]byte, error) {
	for _, c := range r.Calls {
		if c.N != call {
			continue
		}
		if response > 0 && response <= len(c.Responses) && c.Responses[response-1].B64 != nil { // counted from 1
			return c.Responses[response-1].B64, nil
		}
	}
	return nil, fmt.Errorf("there is no response %d of call %d", response, call)
}

func unpack(gz []byte) (frames [][]byte, err error) {
	z, err := gzip.NewReader(bytes.NewReader(gz))
	if err != nil {
		return nil, err
	}
	all, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	for len(all) > 0 {
		if len(all) < 4 || uint64(len(all)-4) < uint64(binary.BigEndian.Uint32(all)) {
			return nil, io.ErrUnexpectedEOF
		}
		n := binary.BigEndian.Uint32(all)
		frames, all = append(frames, all[4:4+n]), all[4+n:]
	}
	return frames, nil
}
