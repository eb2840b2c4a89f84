package node

import (
	"os"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// clientPing is how often the official clients ping, with or without calls.
const clientPing = 10 * time.Second

func TestTheClientsPingsAreAllowed(t *testing.T) {
	if p := enforcement(); p.MinTime >= clientPing || !p.PermitWithoutStream {
		t.Errorf("a ping every %v, also without calls, would be punished by %+v", clientPing, p)
	}
	if maxMessageBytes < 17<<20 {
		t.Error("the clients' messages do not fit")
	}
}

// gRPC closes a connection only after several unwelcome pings, so the proof takes
// 35 seconds. Set JEJAK_SLOW_TESTS to run it.
func TestAnIdleConnectionLivesOn(t *testing.T) {
	if os.Getenv("JEJAK_SLOW_TESTS") == "" {
		t.Skip("takes 35 seconds: set JEJAK_SLOW_TESTS=1")
	}
	r := newRig(t)
	conn, err := grpc.NewClient("dns:///"+r.addr, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: clientPing, Timeout: clientPing, PermitWithoutStream: true}))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.Connect()
	for conn.GetState() != connectivity.Ready {
		conn.WaitForStateChange(r.context(), conn.GetState())
	}
	ctx, cancel := contextWithin(t, 35*time.Second)
	defer cancel()
	if conn.WaitForStateChange(ctx, connectivity.Ready) {
		t.Errorf("the connection went to %v", conn.GetState())
	}
}
