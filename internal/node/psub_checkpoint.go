package node

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"
)

// checkEvery is the time between two checkpoints, while there is something new.
func (g *group) checkEvery() time.Duration {
	return time.Duration(max(g.settings.CheckAfterMS, 1)) * time.Millisecond
}

// checkWanted tells whether enough was done for a checkpoint by time.
func (g *group) checkWanted() bool {
	if g.done > 0 && g.done >= int64(g.settings.MinCheck) {
		return true
	}
	f := g.feed.filter
	return f != nil && uint64(g.passed) >= f.every
}

func (g *group) checkWhenDue(ctx context.Context) {
	g.forgetReplayed(ctx)
	full := g.settings.MaxCheck > 0 && g.done >= int64(g.settings.MaxCheck)
	if full || g.checkWanted() && !g.node.opts.Clock().Before(g.checkDue) {
		g.check(ctx)
	}
}

// safe is the last place before which, and at which, everything is done.
func (g *group) safe() int64 {
	lowest, open := int64(math.MaxInt64), false
	note := func(m *message) {
		if m.place >= 0 {
			lowest, open = min(lowest, m.place), true
		}
	}
	for _, f := range g.flying {
		note(f.message)
	}
	for _, m := range g.retries {
		note(m)
	}
	if len(g.waiting) > 0 {
		note(g.waiting[0])
	}
	if !open {
		return g.taken
	}
	return lowest - 1
}

// check stores how far the group has come. A failure is tried again at the next
// occasion; until then a restart delivers more than once.
func (g *group) check(ctx context.Context) {
	g.checkDue = g.node.opts.Clock().Add(g.checkEvery())
	place := g.safe()
	if place < 0 || g.hasCheck && place <= g.checked {
		return // something older is not done yet
	}
	key := g.settings.key()
	body, err := json.Marshal(key.writePlace(place))
	if err != nil {
		panic("node: a place cannot be written: " + err.Error())
	}
	_, err = g.write(ctx, key.checkpointStream(), []*event{{id: uuid.New(), typ: typeCheckpoint, json: true, data: body, meta: []byte{}}})
	if err != nil {
		g.node.opts.Log.Warn("a checkpoint could not be written", slog.Any("stream", key.stream), slog.Any("group", key.group), slog.Any("error", err))
		return
	}
	g.checked, g.hasCheck = place, true
	g.done, g.passed = 0, 0
}

// findCheckpoint reads where the group was when it last ran.
func (n *Node) findCheckpoint(ctx context.Context, key groupKey) (place int64, found bool, err error) {
	page, _, _, err := n.reader.stream(ctx, key.checkpointStream(), span{from: 0, to: math.MaxInt64, back: true}, 1)
	if err != nil || len(page) == 0 {
		return 0, false, err
	}
	place, found = readCheckpoint(page[0].data)
	if !found {
		return 0, false, fmt.Errorf("the checkpoint of %q on %q cannot be read", key.group, key.stream)
	}
	return place, true, nil
}

// readCheckpoint reads the body of a checkpoint: a place as text, or, from older
// servers, as a number.
func readCheckpoint(body []byte) (int64, bool) {
	text := strings.TrimSpace(string(body))
	if strings.HasPrefix(text, `"`) {
		if json.Unmarshal(body, &text) != nil {
			return 0, false
		}
	}
	return readPlace(text)
}
