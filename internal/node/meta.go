package node

import (
	"encoding/json"
	"math"
)

// visibility is what a stream's metadata says about which events are shown.
// Zero means unset.
type visibility struct {
	truncateBefore int64 // "$tb": events below are hidden
	maxCount       int64 // "$maxCount": only the newest are shown
	maxAge         int64 // "$maxAge": seconds
}

// maxAgeLimit keeps an age in seconds, counted in ticks, within 63 bits: 28,500 years.
const maxAgeLimit = math.MaxInt64 / 10_000_000

// readVisibility takes the visibility out of a metadata event. Anything that is
// not well formed metadata counts as none, as in EventStoreDB: the event is
// already in the log and cannot be refused any more.
func readVisibility(body []byte, isJSON bool) visibility {
	fields := map[string]json.RawMessage{} // a struct would take "$TB" for "$tb"
	if !isJSON || json.Unmarshal(body, &fields) != nil {
		return visibility{}
	}
	var v visibility
	for _, field := range []struct {
		name  string
		to    *int64
		least int64
	}{{"$tb", &v.truncateBefore, 0}, {"$maxCount", &v.maxCount, 1}, {"$maxAge", &v.maxAge, 1}} {
		raw, ok := fields[field.name]
		if !ok || string(raw) == "null" {
			continue
		}
		if json.Unmarshal(raw, field.to) != nil || *field.to < field.least {
			return visibility{}
		}
	}
	v.maxAge = min(v.maxAge, maxAgeLimit)
	return v
}

// softDeletedBody is the metadata that hides every event of a stream.
const softDeletedBody = `{"$tb": 9223372036854775807}`

// undeletedBody is the metadata of a soft deleted stream with "$tb" moved to the
// first new event; everything else in it stays.
func undeletedBody(body []byte, firstVisible int64) []byte {
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(body, &fields) != nil {
		fields = map[string]json.RawMessage{}
	}
	if fields == nil { // the body was "null"
		fields = map[string]json.RawMessage{}
	}
	delete(fields, "$tb")
	fields["$tb"], _ = json.Marshal(firstVisible)
	out, err := json.Marshal(fields)
	if err != nil { // raw values that were read can be written
		panic("node: metadata that was read cannot be written: " + err.Error())
	}
	return out
}
