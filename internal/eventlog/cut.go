package eventlog

import (
	"context"
	"fmt"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/lenientjson"
)

// Cut says what an event of the store's own does to a stream: something that
// takes its events out of sight, and at the next scavenge out of the log.
type Cut struct {
	Stream string
	// What it was: "$maxCount", "$maxAge", "$tb" (with their numbers), "deleted" (softly,
	// it may be written to again) or "tombstoned" (for ever); "" when the stream is
	// whole again, as far as its metadata say.
	What string
}

// CutBy reads an event of the whole log. Not ok when it is none that could cut a
// stream, or lift a cut. What stands in a stream's metadata stream counts as its
// metadata, whatever its type, and is read as leniently as the store reads it: what
// the store heeds must not be overlooked here.
func CutBy(e Raw) (c Cut, ok bool) {
	if stream, of := strings.CutPrefix(e.Stream, "$$"); of {
		return Cut{stream, limits(e)}, true
	}
	return Cut{e.Stream, "tombstoned"}, e.Type == "$streamDeleted"
}

// softlyDeleted is $tb of a stream that was deleted and may be written to again.
const softlyDeleted = "9223372036854775807"

// limits names what stream metadata hide; metadata that cannot be read hide
// nothing, since the store does not heed them.
func limits(e Raw) string {
	if e.ContentType == "application/octet-stream" {
		return ""
	}
	read, err := lenientjson.Read(e.Data)
	metadata, ok := read.(map[string]any)
	if err != nil || !ok {
		return ""
	}
	var hidden []string
	for _, name := range []string{"$tb", "$maxCount", "$maxAge"} {
		switch n, number := metadata[name].(lenientjson.Number); {
		case !number || n == "0":
		case name == "$tb" && n == softlyDeleted:
			return "deleted"
		default:
			hidden = append(hidden, name+" "+string(n))
		}
	}
	return strings.Join(hidden, ", ")
}

// streamCut refuses to decide on a stream of which events are gone. Whoever
// decides on a part of the facts decides wrongly.
func streamCut(stream, how string) error {
	return &domain.Error{Kind: domain.Refused, Slug: "stream-cut",
		Detail: fmt.Sprintf("%s is not whole: %s. Nothing is decided on it until its events are back; jejak verify names every such stream, and the runbook says how they come back", stream, how)}
}

// wholeFromFirst refuses a stream whose first revision is not 0, or that misses one.
func wholeFromFirst(stream string, entries []Entry) error {
	for n, e := range entries {
		if e.Revision == uint64(n) {
			continue
		}
		if n == 0 {
			return streamCut(stream, fmt.Sprintf("its first event has revision %d, so the %d before it are gone", e.Revision, e.Revision))
		}
		return streamCut(stream, fmt.Sprintf("the event after revision %d has revision %d", entries[n-1].Revision, e.Revision))
	}
	return nil
}

// neverWritten makes sure that a stream without events never had any: a deleted
// one reads the same. An append-only store is not asked.
func (l *Log) neverWritten(ctx context.Context, stream string) error {
	if l.appendOnly {
		return nil
	}
	page, err := call(ctx, l, func(ctx context.Context, client *esdb.Client) ([]*esdb.RecordedEvent, error) {
		options := esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}, RequiresLeader: true}
		reading, err := client.ReadStream(ctx, "$$"+stream, options, 1)
		if err != nil {
			return nil, err
		}
		return drain(reading)
	})
	switch {
	case code(err) == esdb.ErrorCodeResourceNotFound:
		return nil
	case err != nil:
		return fmt.Errorf("read the metadata of %s: %w", stream, err)
	}
	for _, e := range page {
		if cut, ok := CutBy(rawOf(e)); ok && cut.What != "" {
			return streamCut(stream, "it was cut from outside ("+cut.What+")")
		}
	}
	return nil
}
