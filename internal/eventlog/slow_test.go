package eventlog

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// farAway serves a node as if it were far away: each byte is under way for so long.
func farAway(t *testing.T, socket string, delay time.Duration) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	carry := func(from, to net.Conn) {
		type parcel struct {
			bytes []byte
			due   time.Time
		}
		way := make(chan parcel, 10_000)
		work.Go(func() {
			defer close(way)
			for {
				buffer := make([]byte, 64<<10)
				n, err := from.Read(buffer)
				if err != nil {
					return
				}
				way <- parcel{buffer[:n], time.Now().Add(delay)}
			}
		})
		work.Go(func() {
			defer to.Close()
			for p := range way {
				time.Sleep(time.Until(p.due))
				if _, err := to.Write(p.bytes); err != nil {
					from.Close()
				}
			}
		})
	}
	work.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", socket)
			if err != nil {
				near.Close()
				continue
			}
			carry(near, far)
			carry(far, near)
		}
	})
	t.Cleanup(func() {
		if err := listener.Close(); err != nil && !errors.Is(err, io.EOF) {
			t.Error(err)
		}
		work.Wait()
	})
	return listener.Addr().String()
}

// A store of whose answers none came within two seconds was never found.
func TestASlowStoreIsFoundAndUsed(t *testing.T) {
	t.Parallel()
	s := serve(t)
	address := farAway(t, s.socket, 550*time.Millisecond)
	l := connect(t, "", func(o *Options) { o.URL, o.CallTimeout = "esdb://"+address+"?tls=false", DefaultCallTimeout })
	mustAppend(t, l, "person-a", -1, facts(0, 1))
	if events, err := l.Load(t.Context(), "person-a"); err != nil || len(events) != 1 {
		t.Errorf("%d events, %v", len(events), err)
	}
}
