package eventlog

import (
	"bytes"

	"github.com/jejak-kinerja/jejak/domain"
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
	rest, opened := bytes.CutPrefix(data, []byte(`{`))
	rest, closed := bytes.CutSuffix(rest, []byte(`"v":1}`))
	if !opened || !closed || !plain(data) {
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
func unescaped(data []byte) (text string, rest []byte, ok bool) {
	if len(data) == 0 || data[0] != '"' {
		return "", nil, false
	}
	end := bytes.IndexByte(data[1:], '"')
	if end < 0 {
		return "", nil, false
	}
	return string(data[1 : 1+end]), data[2+end:], true
}

// whole says that the metadata is what encodeMeta would write again: the times
// have their one form, and the two with a dollar repeat theirs.
func (s metadata) whole(m domain.Meta) bool {
	return s.CorrelatedAs == s.Correlation && s.CausedBy == s.Causation &&
		m.RecordedAt.Format(timeLayout) == s.RecordedAt && m.EffectiveAt.Format(timeLayout) == s.EffectiveAt
}
