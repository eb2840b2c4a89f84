package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/history"
)

// audience is many who follow what happens: programs at the feed, and one page.
type audience struct {
	t       *testing.T
	client  *http.Client
	readers []*feedReader
	after   uint64
	work    sync.WaitGroup
	leave   context.CancelFunc
	mu      sync.Mutex
	ends    []string // how each connection ended that nobody meant to end
}

// follow makes readers that begin at the end of the log; again connects them.
func follow(t *testing.T, l *load, readers int) *audience {
	t.Helper()
	a := &audience{t: t, client: &http.Client{Transport: &http.Transport{}}, after: l.foreign, leave: func() {}}
	for n := range readers {
		a.readers = append(a.readers, newFeedReader(l.people[n%len(l.people)], l.foreign))
	}
	t.Cleanup(func() {
		a.gone()
		a.client.CloseIdleConnections()
	})
	return a
}

// again connects all of them to a product.
func (a *audience) again(p *product) {
	ctx, leave := context.WithCancel(a.t.Context())
	a.leave = leave
	for _, r := range a.readers {
		a.work.Go(func() {
			told, err := r.read(ctx, a.client, p.url)
			for err == nil && !told { // too slow for the ring, and cut: it comes back
				told, err = r.read(ctx, a.client, p.url)
			}
			a.end(ctx, "a reader of the feed", told, err)
		})
	}
	a.work.Go(func() {
		told, err := watchPage(ctx, a.client, p.url)
		a.end(ctx, "a page", told, err)
	})
}

func (a *audience) end(ctx context.Context, who string, told bool, err error) {
	if ctx.Err() != nil || told && err == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ends = append(a.ends, fmt.Sprintf("%s was told to come back: %v; %v", who, told, err))
}

// sentAway waits until the product has ended all connections, and fails unless
// everybody was told to come back.
func (a *audience) sentAway() {
	a.t.Helper()
	a.work.Wait()
	for _, end := range a.ends {
		a.t.Error(end)
	}
	a.ends = nil
}

// gone lets everybody leave.
func (a *audience) gone() {
	a.leave()
	a.work.Wait()
}

// sawAll waits until the readers have come to the end of a log, and fails when
// one has missed a fact or had one twice.
func (a *audience) sawAll(log []history.Event) {
	a.t.Helper()
	last := uint64(0)
	for _, e := range log {
		if !strings.HasPrefix(e.Stream, "$") {
			last = e.Position
		}
	}
	for _, r := range a.readers {
		eventually(a.t, "a reader of the feed", startLimit, func() error {
			if at := r.at.Load(); at < last {
				return fmt.Errorf("at %d of %d", at, last)
			}
			return nil
		})
	}
	a.gone()
	for n, r := range a.readers {
		for _, e := range log {
			if seen := r.seen[e.Position]; e.Position > a.after && !strings.HasPrefix(e.Stream, "$") && seen != 1 {
				a.t.Fatalf("reader %d of the feed saw position %d %d times", n, e.Position, seen)
			}
		}
	}
}

// watchPage follows a page's changes to the end of the connection, and says
// whether it was told to come back.
func watchPage(ctx context.Context, client *http.Client, url string) (told bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/langsung?ikuti=audittrail_v3", nil)
	if err != nil {
		return false, err
	}
	return reading(client, req, func(stream io.Reader) (told bool, err error) {
		lines := bufio.NewScanner(stream)
		for lines.Scan() {
			told = told || lines.Text() == "event: closing"
		}
		return told, lines.Err()
	})
}
