package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// healedWithin is how soon writes must go on after the network is well again; the
// goal is 5 s, the rest is for a busy machine.
const healedWithin = 20 * time.Second

// line is a network connection that can go bad.
type line struct {
	t     *testing.T
	proxy *toxiproxy.Proxy
}

func newLine(t *testing.T, name, upstream string) *line {
	t.Helper()
	zerolog.SetGlobalLevel(zerolog.Disabled) // a proxy writes to the global logger, too
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	l := &line{t, toxiproxy.NewProxy(server, name, "127.0.0.1:0", upstream)}
	if err := l.proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.proxy.Stop)
	return l
}

// goBad adds what a fault does to each direction.
func (l *line) goBad(toxic string) {
	l.t.Helper()
	for _, direction := range []string{"downstream", "upstream"} {
		body := fmt.Sprintf(`{"name":%q,"stream":%q,%s}`, direction, direction, toxic)
		if _, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(body)); err != nil {
			l.t.Fatal(err)
		}
	}
}

func (l *line) heal() { l.proxy.Toxics.ResetToxics(l.t.Context()) }

// overTCP lets a socket file be reached through a line.
func overTCP(t *testing.T, socket string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	t.Cleanup(func() {
		listener.Close()
		work.Wait()
	})
	work.Go(func() {
		for {
			outer, err := listener.Accept()
			if err != nil {
				return
			}
			inner, err := net.Dial("unix", socket)
			if err != nil {
				outer.Close()
				continue
			}
			pass := func(to, from net.Conn) {
				io.Copy(to, from) // its end is the end of the connection
				to.Close()
				from.Close()
			}
			work.Go(func() { pass(inner, outer) })
			work.Go(func() { pass(outer, inner) })
		}
	})
	return listener.Addr().String()
}

// elsewhere gives the address of a database by another host.
func elsewhere(t *testing.T, database, address string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	u.Host, u.RawQuery = address, "sslmode=disable"
	return u.String()
}

// socketOf is the socket file of a private database.
func socketOf(t *testing.T, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("host") + "/.s.PGSQL." + u.Query().Get("port")
}

// hostOf is the host and port of an address.
func hostOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// TestABadNetworkLosesNothing puts each fault of a network between the program and
// its stores while people write. In the end every write of unknown fate is settled
// by its repetition, once; pages are answered while only the event store is away.
func TestABadNetworkLosesNothing(t *testing.T) {
	for _, far := range []string{"database", "event store"} {
		t.Run(far, func(t *testing.T) {
			database := pgtest.DurableServer(t).URL("postgres")
			toDatabase := newLine(t, "database", overTCP(t, socketOf(t, database)))
			flags := []string{"--database-url", elsewhere(t, database, toDatabase.proxy.Listen)}
			bad, storage := toDatabase, []string{"--database-url", database}
			if far == "event store" {
				node := standalone(t, "--database-url", database)
				bad = newLine(t, "event store", hostOf(t, node))
				storage = append(storage, "--eventstore-url", node)
				flags = []string{"--database-url", database, "--eventstore-url", "esdb://" + bad.proxy.Listen + "?tls=false"}
			}
			p := serve(t, stateDir(t), append(flags, "--demo", "--people", "20")...)
			p.storage, p.outside = storage, database
			p.seeded()
			l := newLoad(t, p, writers)
			if err := p.page(); err != nil {
				t.Fatal(err)
			}
			for _, fault := range []struct {
				name      string
				goBad     func()
				pagesStay bool
			}{
				{"latency of 300 ms", func() { bad.goBad(`"type":"latency","attributes":{"latency":300}`) }, far == "event store"},
				{"5 kB/s", func() { bad.goBad(`"type":"bandwidth","attributes":{"rate":5}`) }, far == "event store"},
				{"black hole", func() { bad.goBad(`"type":"timeout","attributes":{"timeout":0}`) }, far == "event store"},
				{"reset", func() { bad.goBad(`"type":"reset_peer","attributes":{"timeout":0}`) }, far == "event store"},
				{"refused", bad.proxy.Stop, far == "event store"},
			} {
				l.begin(p)
				l.moreThan(50)
				l.note("%s", fault.name)
				fault.goBad()
				ends := time.Now().Add(span(3*time.Second, 10*time.Second))
				for fault.pagesStay && time.Now().Before(ends) {
					if err := p.page(); err != nil {
						t.Errorf("%s: %v", fault.name, err)
						break
					}
				}
				time.Sleep(time.Until(ends)) // the fault itself
				if fault.name == "refused" {
					if err := bad.proxy.Start(); err != nil {
						t.Fatal(err)
					}
				}
				bad.heal()
				healed, before := time.Now(), l.acknowledged.Load()
				eventually(t, "writes after "+fault.name, healedWithin, func() error {
					if l.acknowledged.Load() > before {
						return nil
					}
					return fmt.Errorf("none was acknowledged since")
				})
				t.Logf("%s: written again after %v", fault.name, time.Since(healed))
				l.rest()
			}
			l.judge(p)
			p.stop()
			equalToRebuild(t, p.dir, storage...)
		})
	}
}

// page asks for the city's page, which comes from read models alone.
func (p *product) page() error {
	client := &http.Client{Timeout: 5 * time.Second}
	resp, err := client.Get(p.url + "/")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the page says %s", resp.Status)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
