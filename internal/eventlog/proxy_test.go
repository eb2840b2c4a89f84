package eventlog

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// proxy stands between a Log and its node, and can go bad.
type proxy struct {
	socket   string
	target   string
	listener net.Listener
	work     sync.WaitGroup

	mu    sync.Mutex
	pipes []*pipe
}

// pipe is one connection through the proxy.
type pipe struct {
	client, server net.Conn
	mu             sync.Mutex
	frozen         chan struct{} // closed when it thaws; nil when it flows
	mute           bool          // what the server says is thrown away
}

func stand(t testing.TB, target string) *proxy {
	t.Helper()
	dir, err := os.MkdirTemp("", "proxy")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{socket: filepath.Join(dir, "p.sock"), target: target}
	if p.listener, err = net.Listen("unix", p.socket); err != nil {
		t.Fatal(err)
	}
	p.work.Go(p.accept)
	t.Cleanup(func() {
		_ = p.listener.Close() // ends accept
		p.each((*pipe).cut)
		p.work.Wait()
		_ = os.RemoveAll(dir) // scratch
	})
	return p
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", p.target)
		if err != nil {
			_ = client.Close() // as a dead server would
			continue
		}
		c := &pipe{client: client, server: server}
		p.mu.Lock()
		p.pipes = append(p.pipes, c)
		p.mu.Unlock()
		p.work.Go(func() { c.copy(server, client, false) })
		p.work.Go(func() { c.copy(client, server, true) })
	}
}

// each does something to every connection made so far.
func (p *proxy) each(do func(*pipe)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.pipes {
		do(c)
	}
}

func (c *pipe) copy(to io.Writer, from io.Reader, answers bool) {
	defer c.cut()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		c.mu.Lock()
		frozen, mute := c.frozen, c.mute
		c.mu.Unlock()
		if frozen != nil {
			<-frozen
		}
		if err != nil {
			return
		}
		if answers && mute {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// freeze stops the connection without closing it.
func (c *pipe) freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen == nil {
		c.frozen = make(chan struct{})
	}
}

// silence keeps the server's answers back.
func (c *pipe) silence() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mute = true
}

// cut ends the connection.
func (c *pipe) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen != nil {
		close(c.frozen)
		c.frozen = nil
	}
	_ = c.client.Close() // either end may be closed already
	_ = c.server.Close()
}
