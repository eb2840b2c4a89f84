package node

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// maxGroups bounds the persistent subscriptions of a node.
const maxGroups = 4096

// groups are the persistent subscriptions of a node. Their list is the newest
// event of the configuration stream.
type groups struct {
	node   *Node
	launch func(func(context.Context)) // runs a goroutine that the node waits for

	change  sync.Mutex // one change of the list at a time, its write included
	mu      sync.RWMutex
	running map[groupKey]*group
	topics  map[string]bool // streams that have, or had, a group
	entries []groupSettings
	listed  bool // entries are what the configuration stream lists
	ended   bool // nothing is started any more
	work    sync.WaitGroup
}

// groupList is the body of a configuration event.
type groupList struct {
	Version string          `json:"version"`
	Updated string          `json:"updated"`
	Entries []groupSettings `json:"entries"`
}

// openGroups starts what the configuration stream lists. ctx is for starting,
// working for as long as the groups run.
func (n *Node) openGroups(ctx, working context.Context) error {
	g := &groups{node: n, running: map[groupKey]*group{}, topics: map[string]bool{}}
	g.launch = func(run func(context.Context)) { g.work.Go(func() { run(working) }) }
	g.change.Lock()
	defer g.change.Unlock()
	n.groups.Store(g) // also when loading fails: what has started is waited for
	return g.load(ctx)
}

// reload is load for a beginning that failed.
func (gs *groups) reload(ctx context.Context) error {
	gs.change.Lock()
	defer gs.change.Unlock()
	return gs.load(ctx)
}

// load reads the list and starts every group of it.
func (gs *groups) load(ctx context.Context) error {
	page, _, _, err := gs.node.reader.stream(ctx, configStream, span{from: 0, to: math.MaxInt64, back: true}, 1)
	if err != nil {
		return fmt.Errorf("read the persistent subscriptions: %w", err)
	}
	var list groupList
	if len(page) > 0 {
		if list, err = readGroupList(page[0].data); err != nil {
			return err
		}
	}
	gs.mu.Lock()
	gs.entries, gs.listed = list.Entries, true
	gs.mu.Unlock()
	for _, s := range list.Entries {
		if gs.runs(s.key()) != nil {
			continue
		}
		if err := gs.start(ctx, s); err != nil {
			return fmt.Errorf("start the persistent subscription %q on %q: %w", s.Group, s.Stream, err)
		}
	}
	return nil
}

// readGroupList reads a configuration event.
func readGroupList(body []byte) (groupList, error) {
	var list groupList
	if err := json.Unmarshal(body, &list); err != nil {
		return groupList{}, fmt.Errorf("read the persistent subscriptions: %w", err)
	}
	if len(list.Entries) > maxGroups {
		return groupList{}, fmt.Errorf("%d persistent subscriptions, the limit is %d", len(list.Entries), maxGroups)
	}
	for _, s := range list.Entries {
		if _, err := readGroupName(s.Stream, s.Group); err != nil {
			return groupList{}, err
		}
		if _, ok := readPlace(s.Start); !ok {
			return groupList{}, fmt.Errorf("the start %q of a persistent subscription cannot be read", s.Start)
		}
	}
	return list, nil
}

// start runs a group from its checkpoint on.
func (gs *groups) start(ctx context.Context, s groupSettings) error {
	after, found, err := gs.node.findCheckpoint(ctx, s.key())
	if err != nil {
		return err
	}
	if !found {
		if after, _ = readPlace(s.Start); after < 0 {
			after = s.Began
		} else {
			after-- // the start itself is delivered
		}
	}
	feed, err := gs.node.newFeed(s, after)
	if err != nil {
		return err
	}
	g := &group{
		node: gs.node, settings: s, feed: feed, flying: map[uuid.UUID]*flight{},
		taken: after, checked: after, hasCheck: found,
		asks: make(chan func()), quit: make(chan error, 1), over: make(chan struct{}),
	}
	if err := g.findParked(ctx); err != nil {
		return err
	}
	gs.mu.Lock()
	defer gs.mu.Unlock()
	if gs.ended {
		return shuttingDown()
	}
	gs.running[s.key()] = g
	gs.topics[s.Stream] = true
	gs.launch(g.run)
	return nil
}

// stop ends a group and waits for it; its consumers are told the reason.
func (gs *groups) stop(key groupKey, reason error) {
	gs.mu.Lock()
	g := gs.running[key]
	delete(gs.running, key)
	gs.mu.Unlock()
	if g != nil {
		g.quit <- reason
		<-g.over
	}
}

// end lets nothing be started any more.
func (gs *groups) end() {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	gs.ended = true
}

// runs returns a running group, nil when it does not run.
func (gs *groups) runs(key groupKey) *group {
	gs.mu.RLock()
	defer gs.mu.RUnlock()
	return gs.running[key]
}

// find returns a group. One that is listed and does not run, because the database
// was away when it should have been started, is started now.
func (gs *groups) find(ctx context.Context, key groupKey) (*group, error) {
	if g := gs.runs(key); g != nil {
		return g, nil
	}
	gs.change.Lock()
	defer gs.change.Unlock()
	settings, listed, err := gs.entry(key)
	if err != nil {
		return nil, err
	}
	if !listed {
		return nil, groupMissing(key)
	}
	if gs.runs(key) == nil {
		if err := gs.started(ctx, settings); err != nil {
			return nil, err
		}
	}
	return gs.runs(key), nil
}

// knows tells whether the stream has, or had, a group.
func (gs *groups) knows(stream string) bool {
	gs.mu.RLock()
	defer gs.mu.RUnlock()
	return gs.topics[stream]
}

// all returns the running groups that are wanted, in the order of their names.
func (gs *groups) all(wanted func(groupKey) bool) []*group {
	gs.mu.RLock()
	var found []*group
	for key, g := range gs.running {
		if wanted(key) {
			found = append(found, g)
		}
	}
	gs.mu.RUnlock()
	slices.SortFunc(found, func(a, b *group) int {
		return strings.Compare(a.settings.Stream+"\x00"+a.settings.Group, b.settings.Stream+"\x00"+b.settings.Group)
	})
	return found
}

// entry finds a group in the list. While the list could not be read it fails: what
// is not known must not be written anew without the groups that are in it.
func (gs *groups) entry(key groupKey) (s groupSettings, exists bool, err error) {
	gs.mu.RLock()
	defer gs.mu.RUnlock()
	if !gs.listed {
		return s, false, groupFailed(key, "the list of persistent subscriptions in the stream "+configStream+" could not be read")
	}
	for _, s := range gs.entries {
		if s.key() == key {
			return s, true, nil
		}
	}
	return s, false, nil
}

// store writes the list with the entry of key replaced, or removed without one.
// The caller holds change.
func (gs *groups) store(ctx context.Context, key groupKey, put *groupSettings) error {
	gs.mu.RLock()
	next := slices.DeleteFunc(slices.Clone(gs.entries), func(s groupSettings) bool { return s.key() == key })
	gs.mu.RUnlock()
	if put != nil {
		if next = append(next, *put); len(next) > maxGroups {
			return groupFailed(key, fmt.Sprintf("a node has at most %d persistent subscriptions", maxGroups))
		}
	}
	body, err := json.Marshal(groupList{Version: "2", Updated: gs.node.opts.Clock().UTC().Format(time.RFC3339), Entries: next})
	if err != nil {
		return fmt.Errorf("write the persistent subscriptions: %w", err)
	}
	o, err := gs.node.write(ctx, &request{stream: configStream,
		events: []*event{{id: uuid.New(), typ: typeConfig, json: true, data: body, meta: []byte{}}}})
	if err != nil {
		return err
	}
	if o.verdict != accepted {
		return groupFailed(key, "the stream "+configStream+" is deleted")
	}
	gs.mu.Lock()
	gs.entries = next
	gs.mu.Unlock()
	return nil
}

// create adds a group and starts it.
func (gs *groups) create(ctx context.Context, s groupSettings) error {
	gs.change.Lock()
	defer gs.change.Unlock()
	_, exists, err := gs.entry(s.key())
	if err != nil {
		return err
	}
	if exists {
		return groupExists(s.key())
	}
	if err := gs.begin(ctx, &s); err != nil {
		return err
	}
	if err := gs.store(ctx, s.key(), &s); err != nil {
		return err
	}
	return gs.started(ctx, s)
}

// update replaces the settings of a group. Its consumers have to come again.
func (gs *groups) update(ctx context.Context, s groupSettings) error {
	gs.change.Lock()
	defer gs.change.Unlock()
	old, exists, err := gs.entry(s.key())
	if err != nil {
		return err
	}
	if !exists {
		return groupMissing(s.key())
	}
	s.Filter, s.Began = old.Filter, old.Began
	if s.Start != old.Start {
		if err := gs.begin(ctx, &s); err != nil {
			return err
		}
	}
	if err := gs.store(ctx, s.key(), &s); err != nil {
		return err
	}
	gs.stop(s.key(), groupDropped(s.key()))
	return gs.started(ctx, s)
}

func (gs *groups) started(ctx context.Context, s groupSettings) error {
	if err := gs.start(ctx, s); err != nil {
		return unavailable("starting the persistent subscription", err)
	}
	return nil
}

// begin notes where the end is now, and refuses a start behind it.
func (gs *groups) begin(ctx context.Context, s *groupSettings) error {
	s.Began = gs.node.ring.last()
	if s.Stream == allStream {
		if start, _ := readPlace(s.Start); start > s.Began {
			return groupFailed(s.key(), textStartBeyondEnd)
		}
		return nil
	}
	_, _, seen, err := gs.node.reader.stream(ctx, s.Stream, span{from: 1}, 1)
	if err != nil {
		return unavailable("reading a stream", err)
	}
	s.Began = seen.head
	return nil
}

// remove ends a group for good, together with its own streams. They go first: what
// is left of a group that is not listed any more would be the beginning of the next
// of that name. When it fails on the way, the group is still there.
func (gs *groups) remove(ctx context.Context, key groupKey) error {
	gs.change.Lock()
	defer gs.change.Unlock()
	_, exists, err := gs.entry(key)
	if err != nil {
		return err
	}
	if !exists {
		return groupMissing(key)
	}
	gs.stop(key, groupDropped(key))
	for _, stream := range []string{key.checkpointStream(), key.parkedStream()} {
		// A verdict other than accepted means that the stream was never written.
		if _, err := gs.node.write(ctx, &request{stream: stream, action: actDelete}); err != nil {
			return err
		}
	}
	return gs.store(ctx, key, nil)
}

// restart ends all groups and starts them again from what is stored.
func (gs *groups) restart(ctx context.Context) error {
	gs.change.Lock()
	defer gs.change.Unlock()
	for _, g := range gs.all(func(groupKey) bool { return true }) {
		gs.stop(g.settings.key(), groupDropped(g.settings.key()))
	}
	if err := gs.load(ctx); err != nil {
		return unavailable("restarting the persistent subscriptions", err)
	}
	return nil
}

// closeGroups waits for the groups, which end by themselves when the node stops,
// at the latest until ctx ends.
func (n *Node) closeGroups(ctx context.Context) {
	gs := n.groups.Load()
	if gs == nil {
		return
	}
	gs.end()
	done := make(chan struct{})
	n.running.Go(func() { gs.work.Wait(); close(done) })
	select {
	case <-done:
	case <-ctx.Done():
	}
}
