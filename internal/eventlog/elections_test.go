package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// electionsVariable and commandsVariable make the test longer: 20 elections and
// 10,000 commands are the long form.
const (
	electionsVariable = "JEJAK_TEST_ELECTIONS"
	commandsVariable  = "JEJAK_TEST_ELECTION_COMMANDS"
)

// people write at a time, each by one replica and then by the other.
const people = 4

// replicas are nodes on one database, of which one leads.
type replicas struct {
	t        *testing.T
	database string
	names    []string
	mu       sync.Mutex
	nodes    map[string]*node.Node
	serving  sync.WaitGroup
}

func startReplicas(t *testing.T, count int) *replicas {
	r := &replicas{t: t, database: pgtest.URL(t), nodes: map[string]*node.Node{}}
	for range count {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		r.names = append(r.names, listener.Addr().String())
		r.start(listener)
	}
	t.Cleanup(func() {
		for _, name := range r.names {
			r.kill(name)
		}
		r.serving.Wait()
	})
	return r
}

func (r *replicas) start(listener net.Listener) {
	r.t.Helper()
	address := listener.Addr().String()
	n, err := node.Open(context.Background(), node.Options{DatabaseURL: r.database, Advertise: address, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		r.t.Fatal(err)
	}
	r.mu.Lock()
	r.nodes[address] = n
	r.mu.Unlock()
	r.serving.Go(func() {
		if err := n.Serve(listener); err != nil {
			r.t.Error(err)
		}
	})
}

// kill ends a node without letting anything finish.
func (r *replicas) kill(address string) {
	r.mu.Lock()
	n := r.nodes[address]
	delete(r.nodes, address)
	r.mu.Unlock()
	if n == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = n.Close(ctx) // it complains that it was cut off
}

func (r *replicas) again(address string) {
	r.t.Helper()
	var listener net.Listener
	eventually(r.t, func() (free bool) {
		var err error
		listener, err = net.Listen("tcp", address)
		return err == nil
	})
	r.start(listener)
}

// leader is the address of the node that leads, and its term.
func (r *replicas) leader(conn *pgx.Conn) (address string, term int64) {
	r.t.Helper()
	var port int
	if err := conn.QueryRow(r.t.Context(), `select port, epoch from eventstore.leader`).Scan(&port, &term); err != nil {
		r.t.Fatal(err)
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), term
}

// TestNothingThatWasAcknowledgedIsUnknownThroughElections: people report, correct and
// acknowledge, each on what was acknowledged a moment ago and by another replica,
// while leaders fall. A command that found no store is sent again as it was.
func TestNothingThatWasAcknowledgedIsUnknownThroughElections(t *testing.T) {
	elections, wanted := number(t, electionsVariable, 3), number(t, commandsVariable, 500)
	r := startReplicas(t, 3)
	conn, err := pgx.Connect(t.Context(), r.database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	all := "esdb://" + r.names[0] + "," + r.names[1] + "," + r.names[2] + "?tls=false"
	logs := []*eventlog.Log{openAt(t, all), openAt(t, all)}

	var answered, again, refused, stopped atomic.Int64
	var slowest atomic.Int64
	done := make(chan struct{})
	var work sync.WaitGroup
	for p := range people {
		work.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				id := domain.ReportID(fmt.Sprintf("r%d-%d", p, n))
				for step, c := range chain(id) {
					began := time.Now()
					for {
						_, err := commands.Execute(t.Context(), logs[(n+step)%2], progress.Decider, string(id), c, requestOf(id, step))
						if err == nil {
							break
						}
						if domain.KindOf(err) != domain.Unavailable || t.Context().Err() != nil {
							refused.Add(1)
							t.Errorf("%T on %s: %v", c, id, err)
							return
						}
						again.Add(1)
					}
					answered.Add(1)
					if took := int64(time.Since(began)); took > slowest.Load() {
						slowest.Store(took)
					}
				}
			}
		})
	}
	for e := range elections {
		share := int64((e + 1) * wanted / (elections + 1))
		waitUntil(t, func() bool { return answered.Load() >= share || refused.Load() > 0 })
		leader, term := r.leader(conn)
		r.kill(leader)
		stopped.Add(1)
		waitUntil(t, func() bool { _, now := r.leader(conn); return now > term })
		r.again(leader)
	}
	waitUntil(t, func() bool { return answered.Load() >= int64(wanted) || refused.Load() > 0 })
	close(done)
	work.Wait()
	t.Logf("%d commands through %d elections: %d refused, %d sent again; the slowest took %s", answered.Load(), stopped.Load(),
		refused.Load(), again.Load(), time.Duration(slowest.Load()).Round(time.Millisecond))
	facts := int64(0)
	for entries, err := range logs[0].Pages(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		facts += int64(len(entries))
	}
	if facts != answered.Load() {
		t.Errorf("%d commands were acknowledged, the log holds %d facts", answered.Load(), facts)
	}
}

// chain is what happens to one report.
func chain(id domain.ReportID) []progress.Command {
	said := domain.Sealed("v1.c2VhbGVk")
	return []progress.Command{
		progress.Report{Report: id, Person: "p-author", Superior: "p-superior", Unit: "setda", On: "2026-03-02", Today: "2026-03-02",
			Text: said, ReasonAfterDays: 3, RefuseAfterDays: 30},
		progress.Correct{By: "p-author", Quantity: 100, Measure: "berkas", Text: said, Reason: said},
		progress.Acknowledge{By: "p-superior", OnFile: "p-superior"},
	}
}

func requestOf(id domain.ReportID, step int) commands.Request {
	key := fmt.Sprintf("key-%s-%d", id, step)
	return commands.Request{
		Meta: domain.Meta{Command: domain.CommandID(key), Request: "cmVxdWVzdA", Actor: "p-author", Capacity: domain.System, Authority: "test",
			Source: domain.FromAPI, RecordedAt: noon, EffectiveAt: noon, Salt: "c2FsdHNhbHRzYWx0c2FsdA"},
		NewEventID: func(stream string, n int) domain.EventID {
			return domain.EventID(uuid.NewSHA1(uuid.Nil, fmt.Appendf(nil, "%s/%s/%d", key, stream, n)).String())
		},
	}
}

func number(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s: %v", variable, text, errors.Join(err, errors.New("a number from 1")))
	}
	return n
}

// waitUntil is eventually with more patience: the long form takes minutes.
func waitUntil(t *testing.T, so func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	late := time.After(10 * patience)
	for !so() {
		select {
		case <-look.C:
		case <-late:
			t.Fatal("it did not come to that")
		}
	}
}
