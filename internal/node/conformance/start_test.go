package conformance

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// startNode serves an empty node on the loopback address until the test ends.
func startNode(t *testing.T, change ...func(*node.Options)) (n *node.Node, addr string) {
	t.Helper()
	o := node.Options{DatabaseURL: pgtest.URL(t)}
	for _, c := range change {
		c(&o)
	}
	n, err := node.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- n.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := n.Close(ctx); err != nil {
			t.Errorf("close the node: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return n, l.Addr().String()
}
