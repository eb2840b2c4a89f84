package eventlog

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/jejak-kinerja/jejak/domain"
)

// EventLine gives the canonical line (RFC 8785, no line end) of an event, the
// bytes that the transparency log binds by SHA-256:
//
//	{"data":{…},"id":"…","meta":{…},"rev":0,"stream":"…","type":"…","v":1}
//
// It holds what the writer controls, and neither position nor the store's time,
// which change when a store is copied. The line of an Entry with an error cannot
// be made.
func EventLine(r domain.Recorded) ([]byte, error) {
	meta, err := encodeMeta(r.Meta)
	if err != nil {
		return nil, fmt.Errorf("make the line of event %s: %w", r.ID, err)
	}
	line := make([]byte, 0, len(r.Data)+len(meta)+256)
	line = append(append(line, `{"data":`...), r.Data...)
	line = append(quoted(append(line, `,"id":`...), string(r.ID)), `,"meta":`...)
	line = strconv.AppendUint(append(append(line, meta...), `,"rev":`...), r.Revision, 10)
	line = quoted(append(line, `,"stream":`...), r.Stream)
	line = quoted(append(line, `,"type":`...), r.Name)
	return append(line, `,"v":1}`...), nil
}

// quoted appends a JSON string. Ids, stream names and stored names are of
// [A-Za-z0-9.-] only, for which every JSON encoder gives the same bytes.
func quoted(line []byte, s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		panic("eventlog: a string that is no JSON: " + err.Error()) // json.Marshal of a string never fails
	}
	return append(line, text...)
}
