package node

import (
	"bytes"
	"strconv"
)

// target is the event that a link event points to.
type target struct {
	stream string
	rev    int64
}

// readLink reads the body of a link event: "rev@stream".
func readLink(body []byte) (target, bool) {
	number, name, found := bytes.Cut(body, []byte("@"))
	if !found || len(name) == 0 || len(name) > maxNameBytes+len(metaPrefix) ||
		!storableText(string(name)) {
		return target{}, false
	}
	rev, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil || rev < 0 {
		return target{}, false
	}
	return target{string(name), rev}, true
}
