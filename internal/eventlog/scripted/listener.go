package scripted

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// listener keeps its connections, so that one can be broken and all can stand still.
type listener struct {
	net.Listener

	mu     sync.Mutex
	open   map[string]*conn // by the client's address
	frozen bool
	thawed sync.Cond
}

// Accept gives the next connection; none while frozen, when the kernel takes them.
func (l *listener) Accept() (net.Conn, error) {
	made, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: made, listener: l}
	l.mu.Lock()
	l.open[made.RemoteAddr().String()] = c
	l.mu.Unlock()
	return c, nil
}

func (l *listener) freeze(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frozen = on
	l.thawed.Broadcast()
}

// wait blocks while the machine stands still.
func (l *listener) wait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.frozen {
		l.thawed.Wait()
	}
}

func (l *listener) find(address string) *conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open[address]
}

type conn struct {
	net.Conn
	listener *listener
	written  atomic.Int64
}

// waitWritten waits until so many bytes have gone out.
func (c *conn) waitWritten(ctx context.Context, bytes int64) {
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for c.written.Load() < bytes && ctx.Err() == nil {
		select {
		case <-look.C:
		case <-ctx.Done():
		}
	}
}

func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.listener.wait()
	return n, err
}

func (c *conn) Write(b []byte) (int, error) {
	c.listener.wait()
	n, err := c.Conn.Write(b)
	c.written.Add(int64(n))
	return n, err
}

// Close forgets the connection.
func (c *conn) Close() error {
	c.listener.mu.Lock()
	delete(c.listener.open, c.RemoteAddr().String())
	c.listener.mu.Unlock()
	return c.Conn.Close()
}
