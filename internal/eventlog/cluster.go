package eventlog

import (
	"context"
	"errors"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	// maxNodes bounds how many nodes of a cluster are asked; real ones have 3 to 7.
	maxNodes = 32

	// doubtFor is how long a node that refused a call as "not leader" is not believed
	// when it says that it leads: a deposed leader answers reads for a moment longer.
	doubtFor = 500 * time.Millisecond
)

// peer is where one server of the event store is reached.
type peer struct {
	address string // host:port, or unix:///path
	name    string // the host that its certificate is for
	seed    bool   // only to be asked for the others
}

func peerAt(address string) peer {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = "" // a socket
	}
	return peer{address: address, name: host}
}

// cluster is what is known of the nodes of the event store, one or several.
type cluster struct {
	dialer *dialer
	seeds  []peer
	single bool // the address names one node, not seeds
	lookup string

	mu       sync.Mutex
	members  []peer
	named    peer // by gossip, as the one that leads
	doubted  map[string]time.Time
	failures map[string]error // of the last try, by address
}

func newCluster(c *esdb.Configuration) (*cluster, error) {
	d, err := newDialer(c)
	if err != nil {
		return nil, err
	}
	known := &cluster{dialer: d, doubted: map[string]time.Time{}, failures: map[string]error{}}
	switch {
	case c.DnsDiscover:
		known.lookup = c.Address
	case len(c.GossipSeeds) > 0:
		for _, seed := range c.GossipSeeds {
			known.seeds = append(known.seeds, peerAt(seed.String()))
		}
	default:
		known.single, known.seeds = true, []peer{peerAt(c.Address)}
	}
	return known, nil
}

// nodes are those to be asked: the ones in our address, and those they told of.
func (c *cluster) nodes(ctx context.Context) []peer {
	c.mu.Lock()
	all := slices.Concat(c.seeds, c.members)
	c.mu.Unlock()
	if c.lookup == "" {
		return all
	}
	host, port, err := net.SplitHostPort(c.lookup)
	if err != nil {
		return append(all, peer{address: c.lookup, seed: true})
	}
	addresses, err := net.DefaultResolver.LookupHost(ctx, host)
	c.note(c.lookup, explainDial(c.lookup, err))
	for _, a := range addresses {
		all = append(all, peer{address: net.JoinHostPort(a, port), name: host, seed: true})
	}
	return all
}

// learn takes the members that a node told of. The only member of a single node is
// the node itself, perhaps by a name that is good on its own machine alone.
func (c *cluster) learn(info *gossip.ClusterInfo) []peer {
	var members []peer
	var named peer
	for _, m := range info.GetMembers() {
		e := m.GetHttpEndPoint()
		if e.GetAddress() == "" || e.GetPort() == 0 || len(members) == maxNodes {
			continue
		}
		members = append(members, peerAt(net.JoinHostPort(e.GetAddress(), strconv.Itoa(int(e.GetPort())))))
		if m.GetIsAlive() && m.GetState() == gossip.MemberInfo_Leader {
			named = members[len(members)-1]
		}
	}
	if len(members) == 0 || c.single && len(members) == 1 {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.members, c.named = members, named
	return members
}

// hearsay is the node that the others say leads, for those who may ask it nothing.
func (c *cluster) hearsay() (peer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.named.address == "" && c.single {
		return c.seeds[0], true
	}
	return c.named, c.named.address != ""
}

// doubt remembers that a node refused to lead.
func (c *cluster) doubt(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doubted[address] = clock.Now()
}

func (c *cluster) doubts(address string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, found := c.doubted[address]
	return found && clock.Since(at) < doubtFor
}

// note remembers why the last try at a node failed.
func (c *cluster) note(address string, err error) {
	if err == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures[address] = err
}

// reached forgets all failures: a node was found and has answered.
func (c *cluster) reached() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.failures)
}

// cause says why no node could be used; nil when nothing is known. When all say the
// same, it is that; else the refusals are told one after the other.
func (c *cluster) cause() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []error
	same := true
	for _, address := range slices.Sorted(maps.Keys(c.failures)) {
		err := c.failures[address]
		same = same && (len(all) == 0 || domain.SlugOf(err) == domain.SlugOf(all[0]))
		all = append(all, err)
	}
	if len(all) < 2 || same {
		return errors.Join(all...)
	}
	var told []string
	for _, err := range all {
		told = append(told, err.Error())
	}
	return &domain.Error{Kind: domain.Unavailable, Slug: slugUnreachable, Detail: strings.Join(told, "; ")}
}
