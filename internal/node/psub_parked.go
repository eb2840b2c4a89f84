package node

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/google/uuid"
)

// parkedRange is the part of the parked stream that waits for a replay.
type parkedRange struct{ from, next int64 }

// parkedBecause is the metadata of a parked message's link.
type parkedBecause struct {
	Added  string `json:"added"`
	Reason string `json:"reason"`
	Number int64  `json:"subscriptionEventNumber,omitempty"` // of the message in its group
}

// park puts messages aside, in one write. When that fails they are given out
// again: a message is never dropped because it could not be parked.
func (g *group) park(ctx context.Context, flights []*flight, reason string) {
	if len(flights) == 0 {
		return
	}
	added := g.node.opts.Clock().UTC().Format(time.RFC3339Nano)
	links := make([]*event, len(flights))
	for i, f := range flights {
		why, err := json.Marshal(parkedBecause{added, reason, f.number})
		if err != nil { // a string, a time and a number can be written
			panic("node: a reason cannot be written: " + err.Error())
		}
		links[i] = f.parking(why)
	}
	o, err := g.write(ctx, g.settings.key().parkedStream(), links)
	if err != nil {
		g.node.opts.Log.Warn("messages could not be parked", slog.Any("stream", g.settings.Stream), slog.Any("group", g.settings.Group), slog.Any("error", err))
		for _, f := range flights {
			g.land(f)
			g.retries = append(g.retries, f.message)
		}
		return
	}
	g.parked.next = o.rev + 1
	for _, f := range flights {
		g.finish(f)
	}
}

// write appends to one of the group's own streams.
func (g *group) write(ctx context.Context, stream string, events []*event) (outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, groupWriteLimit)
	defer cancel()
	o, err := g.node.write(ctx, &request{stream: stream, events: events})
	if err == nil && o.verdict != accepted {
		err = fmt.Errorf("stream %q is deleted", stream)
	}
	return o, err
}

// findParked looks at the parked stream when the group starts.
func (g *group) findParked(ctx context.Context) error {
	_, _, seen, err := g.node.reader.stream(ctx, g.settings.key().parkedStream(), span{from: 0, to: math.MaxInt64}, 1)
	if err != nil {
		return err
	}
	g.parked = parkedRange{next: seen.head + 1}
	g.parked.from = min(seen.lowest, g.parked.next)
	return nil
}

// replayParked gives parked messages out again, up to the revision stop.
func (g *group) replayParked(ctx context.Context, stop int64) error {
	if g.replaying != nil {
		return nil // one after the other; the caller may ask again
	}
	if stop = min(stop, g.parked.next); stop <= g.parked.from {
		return nil // all of them have been given out
	}
	run := &replay{until: stop}
	var again []*message
	for todo := (span{from: g.parked.from, to: stop - 1}); !todo.empty(); {
		page, rest, _, err := g.node.reader.stream(ctx, g.settings.key().parkedStream(), todo, pageEvents)
		if err != nil {
			return unavailable("reading parked messages", err)
		}
		targets, err := g.node.reader.follow(ctx, page)
		if err != nil {
			return unavailable("reading parked messages", err)
		}
		for i, e := range page {
			if targets[i] != nil { // what is gone from its stream cannot be delivered any more
				again = append(again, &message{event: e, target: targets[i], place: -1, replay: run})
			}
		}
		if todo = rest; !rest.empty() {
			todo.to = stop - 1
		}
	}
	run.left = len(again)
	g.retries = append(g.retries, again...)
	g.parked.from = max(g.parked.from, stop)
	g.replaying = run
	return nil
}

// forgetReplayed hides replayed messages in the parked stream once all are done.
func (g *group) forgetReplayed(ctx context.Context) {
	if g.replaying == nil || g.replaying.left > 0 {
		return
	}
	body := fmt.Appendf(nil, `{"$tb":%d,"$acl":{"$r":"$admins","$w":"$admins","$d":"$admins","$mr":"$admins","$mw":"$admins"}}`, g.replaying.until)
	stream := metastreamOf(g.settings.key().parkedStream())
	_, err := g.write(ctx, stream, []*event{{id: uuid.New(), typ: typeMetadata, json: true, data: body, meta: []byte{}}})
	if err != nil { // they stay, and are replayed once more after a restart
		g.node.opts.Log.Warn("replayed messages could not be removed", slog.Any("stream", stream), slog.Any("error", err))
	}
	g.replaying = nil
}
