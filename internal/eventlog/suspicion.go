package eventlog

import (
	"context"
	"log/slog"
	"sync"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// judge retires a link by how a use of it ended.
func (g *gate) judge(l *link, err error) {
	if code(err) == esdb.ErrorCodeNotLeader {
		g.cluster.doubt(l.node.address)
	}
	if broken(err) {
		g.retire(l)
	}
}

// leave retires a link whose node leads no more: calls under way there are begun
// anew elsewhere.
func (g *gate) leave(l *link) {
	g.mu.Lock()
	select {
	case <-l.left:
	default:
		close(l.left)
	}
	g.mu.Unlock()
	g.retire(l)
}

// doubt asks, beside a link that is silent, which node leads: a machine that stands
// still neither answers nor closes its connections, and the others go on without it.
func (g *gate) doubt(l *link) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if l.suspect || l.isRetired() || g.closed {
		return
	}
	l.suspect = true
	g.begin(func(ctx context.Context) { g.askWhoLeads(ctx, l) })
}

func (g *gate) askWhoLeads(ctx context.Context, l *link) {
	ctx, cancel := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-l.retired: // the answer is not needed any more
			cancel()
		case <-ctx.Done():
		}
	})
	leading, err := g.cluster.leader(ctx)
	cancel()
	watching.Wait()
	g.mu.Lock()
	l.suspect = false
	g.mu.Unlock()
	if err == nil && leading.address != l.node.address {
		g.log.Warn("another node of the event store leads", slog.String("node", leading.address), slog.String("left", l.node.address))
		g.leave(l)
	}
}
