package node

import (
	"bytes"
	"strconv"
	"strings"
)

// target is the event that a link event points to; revision -1 is the last one.
type target struct {
	stream string
	rev    int64
}

// isLink tells whether the event points to another. One of the links' type that
// does not begin with a number is an event like any other.
func isLink(e *event) bool {
	if e.typ != typeLink {
		return false
	}
	number, _, _ := bytes.Cut(e.data, []byte("@"))
	_, err := strconv.ParseInt(strings.TrimSpace(string(number)), 10, 64)
	return err == nil
}

// readLink reads the body of a link event: "rev@stream".
func readLink(body []byte) (target, bool) {
	number, name, found := bytes.Cut(body, []byte("@"))
	if !found || len(name) == 0 || len(name) > maxNameBytes+len(metaPrefix) ||
		!storableText(string(name)) {
		return target{}, false
	}
	rev, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil || rev < -1 {
		return target{}, false
	}
	return target{string(name), rev}, true
}
