package node

import (
	"strings"
	"unicode/utf8"
)

const (
	// maxNameBytes bounds stream names and event types. PostgreSQL cannot index a
	// text above 2,704 bytes; no client's tests come near.
	maxNameBytes = 1024

	metaPrefix = "$$"
	allStream  = "$all"
)

// isMetastream tells whether the stream holds another stream's metadata.
func isMetastream(name string) bool { return strings.HasPrefix(name, metaPrefix) }

// metastreamOf is the stream with the metadata of name.
func metastreamOf(name string) string { return metaPrefix + name }

// describedBy is the stream whose metadata the metastream holds.
func describedBy(metastream string) string { return strings.TrimPrefix(metastream, metaPrefix) }

// readableName takes a stream name off the wire: UTF-8 without NUL, because
// PostgreSQL text holds nothing else, and of a length it can index.
func readableName(raw []byte) (string, error) {
	switch {
	case len(raw) == 0:
		return "", invalid(textStreamMissing)
	case len(raw) > maxNameBytes+len(metaPrefix):
		return "", invalid("the stream name has %d bytes, the limit is %d", len(raw), maxNameBytes)
	case !storableText(string(raw)):
		return "", invalid("the stream name is not valid UTF-8 without NUL")
	}
	return string(raw), nil
}

// storableText tells whether PostgreSQL's type text can hold s.
func storableText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// writableName is a readable name that may be written to.
func writableName(raw []byte) (string, error) {
	name, err := readableName(raw)
	switch {
	case err != nil:
		return "", err
	case name == allStream:
		return "", accessDenied() // it is the log itself
	case isMetastream(name) && (name == metaPrefix || isMetastream(describedBy(name))):
		return "", invalid("%q: a metadata stream has no metadata of its own", name)
	case !isMetastream(name) && len(name) > maxNameBytes:
		return "", invalid("the stream name has %d bytes, the limit is %d", len(name), maxNameBytes)
	}
	return name, nil
}
