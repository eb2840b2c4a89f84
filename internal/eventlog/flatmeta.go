package eventlog

import (
	"fmt"
	"strings"
	"time"
)

// field names where each key of the stored metadata goes; v is the version.
func (s *metadata) field(key string) (text *string, known bool) {
	switch key {
	case "$causationId":
		return &s.CausedBy, true
	case "$correlationId":
		return &s.CorrelatedAs, true
	case "actor":
		return (*string)(&s.Actor), true
	case "authority":
		return &s.Authority, true
	case "capacity":
		return (*string)(&s.Capacity), true
	case "cause":
		return &s.Causation, true
	case "cmd":
		return (*string)(&s.Command), true
	case "corr":
		return &s.Correlation, true
	case "effectiveAt":
		return &s.EffectiveAt, true
	case "onBehalfOf":
		return (*string)(&s.OnBehalfOf), true
	case "policy":
		return &s.Policy, true
	case "reason":
		return (*string)(&s.Reason), true
	case "recordedAt":
		return &s.RecordedAt, true
	case "req":
		return &s.Request, true
	case "salt":
		return &s.Salt, true
	case "source":
		return (*string)(&s.Source), true
	case "traceparent":
		return &s.Trace, true
	}
	return nil, false
}

// flat reads metadata as encodeMeta writes it when no text needs an escape: one
// object of texts, its keys in order, the version last. Not ok for anything else,
// which decodeMeta then reads the slow way, or refuses.
func flat(data []byte) (s metadata, ok bool) {
	if !plain(data) {
		return metadata{}, false
	}
	// One string for all texts: what is kept of one keeps them all, some hundred bytes.
	rest, opened := strings.CutPrefix(string(data), `{`)
	rest, closed := strings.CutSuffix(rest, `"v":1}`)
	if !opened || !closed {
		return metadata{}, false
	}
	last := ""
	for len(rest) > 0 {
		key, after, ok := unescaped(rest)
		if !ok || key <= last || len(after) == 0 || after[0] != ':' {
			return metadata{}, false
		}
		value, after, ok := unescaped(after[1:])
		if !ok || value == "" || len(after) == 0 || after[0] != ',' {
			return metadata{}, false
		}
		text, known := s.field(key)
		if !known {
			return metadata{}, false
		}
		*text, last, rest = value, key, after[1:]
	}
	s.Version = metaVersion
	return s, true
}

// unescaped takes a text without escapes off the front.
func unescaped(data string) (text, rest string, ok bool) {
	if len(data) == 0 || data[0] != '"' {
		return "", "", false
	}
	end := strings.IndexByte(data[1:], '"')
	if end < 0 {
		return "", "", false
	}
	return data[1 : 1+end], data[2+end:], true
}

// whole says that the metadata is what encodeMeta would write again: the two with
// a dollar repeat theirs. The times have one form only, see moment.
func (s metadata) whole() bool {
	return s.CorrelatedAs == s.Correlation && s.CausedBy == s.Causation
}

// moment reads a time in timeLayout and in no other form. Go reads RFC 3339 ten
// times faster than a layout, but lets the fraction vary; the fixed width and the
// two signs leave one text for each instant.
func moment(text string) (time.Time, error) {
	if len(text) != len(timeLayout) || text[len("2006-01-02T15:04:05")] != '.' || text[len(text)-1] != 'Z' {
		return time.Time{}, fmt.Errorf("%q is not in the form %s", text, timeLayout)
	}
	return time.Parse(time.RFC3339Nano, text)
}
