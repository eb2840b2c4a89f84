package node

import (
	"encoding/json"
	"hash/fnv"
)

// choose finds the consumer of a message, nil when none can take it now. wait
// tells that no other message can be given away either.
func (g *group) choose(m *message) (c *consumer, wait bool) {
	switch g.settings.Strategy {
	case strategyPinned, strategyByCorrelation:
		c = g.pinned(m)
		if c == nil {
			return nil, true
		}
		if !c.free() {
			return nil, false // only this stream waits
		}
		return c, false
	case strategySingle:
		for _, c := range g.consumers {
			if c.free() {
				return c, false
			}
		}
		return nil, true
	}
	for range g.consumers {
		c := g.consumers[g.turn%len(g.consumers)]
		g.turn++
		if c.free() {
			return c, false
		}
	}
	return nil, true
}

// pinned gives every key the consumer with the highest hash over both. When one
// comes or goes, only its share of the keys moves.
func (g *group) pinned(m *message) (best *consumer) {
	key, highest := []byte(g.pin(m)), uint64(0)
	for _, c := range g.consumers {
		h := fnv.New64a()
		h.Write(key)
		h.Write(c.id[:])
		if sum := mix(h.Sum64()); best == nil || sum > highest {
			best, highest = c, sum
		}
	}
	return best
}

// mix spreads a sum over all bits: FNV's high bits hardly depend on its last bytes.
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// pin is the key by which messages stay together: the stream, or the correlation
// id where there is one.
func (g *group) pin(m *message) string {
	e := m.shown()
	if g.settings.Strategy == strategyByCorrelation {
		var meta struct {
			Correlation string `json:"$correlationId"`
		}
		if json.Unmarshal(e.meta, &meta) == nil && meta.Correlation != "" {
			return meta.Correlation
		}
	}
	return e.stream
}
