package conformance

import (
	"context"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/jejak-kinerja/jejak/internal/node"
)

// This test program is a node itself when it is told the address and the database.
const (
	nodeAddress  = "CONFORMANCE_NODE_ADDRESS"
	nodeDatabase = "CONFORMANCE_NODE_DATABASE"
)

// beNode serves a replica until SIGTERM.
func beNode(address string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	n, err := node.Open(ctx, node.Options{DatabaseURL: os.Getenv(nodeDatabase), Advertise: address})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		closing, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = n.Close(closing) // the process ends anyway
	}()
	return n.Serve(l)
}

// nodeProcess is a replica in a process of its own, which can be made to stand still.
type nodeProcess struct {
	address string
	process *os.Process
}

func startProcess(t *testing.T, databaseURL string) nodeProcess {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), nodeAddress+"="+address, nodeDatabase+"="+databaseURL)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGCONT) // it may be gone
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
	})
	return nodeProcess{address, command.Process}
}

// leader is the address of the leader as the node at address knows it, "" for none.
func leader(t *testing.T, address string) string {
	t.Helper()
	conn, err := grpc.NewClient("dns:///"+address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	info, err := gossip.NewGossipClient(conn).Read(ctx, &shared.Empty{})
	if err != nil {
		return "" // not up, or standing still
	}
	for _, m := range info.GetMembers() {
		if m.GetState() == gossip.MemberInfo_Leader && m.GetIsAlive() {
			return net.JoinHostPort(m.GetHttpEndPoint().GetAddress(), itoa(m.GetHttpEndPoint().GetPort()))
		}
	}
	return ""
}
