package node

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/jejak-kinerja/jejak/internal/lenientjson"
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

// readVisibility takes the visibility out of a metadata event. As in EventStoreDB
// metadata counts as none when any known part of it cannot be read, its list of
// rights included: the event is already in the log and cannot be refused any more.
func readVisibility(body []byte, isJSON bool) visibility {
	read, err := lenientjson.Read(body)
	fields, ok := read.(map[string]any)
	if !isJSON || err != nil || !ok {
		return visibility{}
	}
	if list, there := fields["$acl"]; there {
		if _, whole := readAccessList(list); !whole {
			return visibility{}
		}
	}
	var v visibility
	var cached int64 // for how long others may keep what they read: nothing to the node
	for _, field := range []struct {
		name  string
		to    *int64
		least int64
	}{{"$tb", &v.truncateBefore, 0}, {"$maxCount", &v.maxCount, 1}, {"$maxAge", &v.maxAge, 1}, {"$cacheControl", &cached, 1}} {
		given, there := fields[field.name]
		if !there {
			continue
		}
		n, ok := given.(lenientjson.Number)
		if !ok {
			return visibility{}
		}
		var err error
		if *field.to, err = strconv.ParseInt(string(n), 10, 64); err != nil || *field.to < field.least {
			return visibility{}
		}
	}
	v.maxAge = min(v.maxAge, maxAgeLimit)
	return v
}

// softDeletedBody is the metadata that hides every event of a stream.
const softDeletedBody = `{"$tb":9223372036854775807}`

// undeletedBody is the metadata of a soft deleted stream with "$tb" moved to the
// first new event; everything else in it stays, in its order. Not ok when it is no
// JSON object.
func undeletedBody(body []byte, firstVisible int64) ([]byte, bool) {
	names, values, ok := readObject(body)
	if !ok {
		if names, values, ok = readObjectLeniently(body); !ok {
			return nil, false
		}
	}
	if _, there := values["$tb"]; !there {
		names = append(names, "$tb")
	}
	values["$tb"] = strconv.AppendInt(nil, firstVisible, 10)
	return writeObject(names, values), true
}

// readObject reads the fields of an object, and their order.
func readObject(body []byte) (names []string, values map[string]json.RawMessage, ok bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, false
	}
	values = map[string]json.RawMessage{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, nil, false
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return nil, nil, false
		}
		if _, twice := values[name.(string)]; !twice {
			names = append(names, name.(string))
		}
		values[name.(string)] = value
	}
	_, err := d.Token()
	return names, values, err == nil
}

// readObjectLeniently takes what lenientjson.Read takes; the names come sorted.
func readObjectLeniently(body []byte) (names []string, values map[string]json.RawMessage, ok bool) {
	read, err := lenientjson.Read(body)
	fields, ok := read.(map[string]any)
	if err != nil || !ok {
		return nil, nil, false
	}
	values = make(map[string]json.RawMessage, len(fields))
	for name, v := range fields {
		if values[name], err = json.Marshal(lenientjson.Standard(v)); err != nil {
			return nil, nil, false
		}
	}
	return slices.Sorted(maps.Keys(values)), values, true
}

// writeObject writes an object without spaces, its fields in the given order.
func writeObject(names []string, values map[string]json.RawMessage) []byte {
	var out bytes.Buffer
	w := json.NewEncoder(&out)
	w.SetEscapeHTML(false)
	for i, name := range names {
		out.WriteByte("{,"[min(i, 1)])
		if err := w.Encode(name); err != nil {
			panic("node: a name that was read cannot be written: " + err.Error())
		}
		out.Truncate(out.Len() - 1) // the line end that Encode adds
		out.WriteByte(':')
		if err := json.Compact(&out, values[name]); err != nil {
			panic("node: metadata that was read cannot be written: " + err.Error())
		}
	}
	out.WriteByte('}')
	return out.Bytes()
}
