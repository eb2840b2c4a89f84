package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/pgrun"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// exchangedStore is an event store of its own, at one address, that a test can
// stop, put back and exchange: each state is a database.
type exchangedStore struct {
	t       *testing.T
	server  *pgrun.Server
	address string
	holds   string // the database
	node    *node.Node
	serving sync.WaitGroup
}

func newExchangedStore(t *testing.T) *exchangedStore {
	t.Helper()
	s := &exchangedStore{t: t, server: pgtest.DurableServer(t), address: freeAddress(t)}
	t.Cleanup(s.stop)
	return s
}

func (s *exchangedStore) exec(statement string) {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.server.URL("postgres"))
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = conn.Exec(s.t.Context(), statement)
	if err = errors.Join(err, conn.Close(s.t.Context())); err != nil {
		s.t.Fatalf("%s: %v", statement, err)
	}
}

// start lets the store hold what a database has.
func (s *exchangedStore) start(database string) {
	s.t.Helper()
	n, err := node.Open(s.t.Context(), node.Options{DatabaseURL: s.server.URL(database), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		s.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.holds, s.node = database, n
	s.serving.Go(func() {
		if err := n.Serve(listener); err != nil {
			s.t.Error(err)
		}
	})
}

func (s *exchangedStore) stop() {
	if s.node == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := s.node.Close(ctx); err != nil {
		s.t.Log("the store was cut off:", err)
	}
	s.serving.Wait()
	s.node = nil
}

// exchange puts another state in place of the present one.
func (s *exchangedStore) exchange(database string) {
	s.t.Helper()
	s.stop()
	s.start(database)
}

// copyOf keeps a state of a database that no program uses.
func (s *exchangedStore) copyOf(database, as string) {
	s.t.Helper()
	s.exec(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '` + database + `'`) // a test's own
	s.exec(`create database ` + as + ` template ` + database)
}

// strangeLog is a product whose event store is exchanged.
type strangeLog struct {
	*product
	store  *exchangedStore
	author author
	flags  []string
	sent   int
}

func (x *strangeLog) start() {
	x.t.Helper()
	p := serve(x.t, x.dir, append([]string{"--log-watch-every", "1s"}, x.flags...)...)
	p.storage, p.outside = x.product.storage, x.product.outside
	x.product = p
}

// write sends a report with a key of its own.
func (x *strangeLog) write() answer {
	x.t.Helper()
	x.sent++
	a, err := x.author.send(x.t.Context(), http.DefaultClient, x.url, fmt.Sprintf("adopt-test-%d", x.sent))
	if err != nil {
		x.t.Fatal(err)
	}
	return a
}

// works makes sure that everything is in order and stays so.
func (x *strangeLog) works(what string) (position uint64) {
	x.t.Helper()
	x.ready()
	a := x.write()
	if !a.done() {
		x.t.Fatalf("%s: a command is answered %v", what, a)
	}
	x.ready()
	if got := x.scrape(x.url)[`jejak_log_state{state="same"}`]; got != 1 {
		x.t.Errorf("%s: the metric of the right log is %v", what, got)
	}
	return a.position
}

// refusesAny is refuses for whichever of the states it is.
func (x *strangeLog) refusesAny(states ...string) {
	x.t.Helper()
	eventually(x.t, "notice that the log is another one", 30*time.Second, func() error {
		figures := x.scrape(x.url)
		for _, state := range states {
			if figures[`jejak_log_state{state="`+state+`"}`] == 1 {
				x.refuses(state)
				return nil
			}
		}
		return errors.New("not one of " + strings.Join(states, ", "))
	})
}

// refuses makes sure that a state is told in every way, and nothing is accepted.
func (x *strangeLog) refuses(state string) {
	x.t.Helper()
	eventually(x.t, "notice that the log is "+state, 30*time.Second, func() error {
		resp, err := http.Get(x.url + "/readyz")
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err == nil && (resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(body), `"log-`+state+`"`) || !strings.Contains(string(body), "jejak adopt")) {
			err = fmt.Errorf("%s: %s", resp.Status, body)
		}
		return err
	})
	if a := x.write(); !a.notNow() || !strings.Contains(a.body, `"log-`+state+`"`) {
		x.t.Errorf("%s: a command is answered %v", state, a)
	}
	resp, err := http.Get(x.url + "/masuk")
	if err != nil {
		x.t.Fatal(err)
	}
	page, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(page), `data-store="refused"`) {
		x.t.Errorf("%s: the page has no notice: %s, %v", state, resp.Status, err)
	}
	figures := x.scrape(x.url)
	if figures[`jejak_log_state{state="`+state+`"}`] != 1 || figures[`jejak_log_state{state="same"}`] != 0 {
		x.t.Errorf("%s: the metrics do not say so", state)
	}
	if resp, body := x.ask("/v1/home?min_position=999999999", "application/json"); resp.StatusCode != http.StatusOK || resp.Header.Get("Jejak-Stale") == "" {
		x.t.Errorf("%s: what waits for a position of before: %s %s", state, resp.Status, body)
	}
}

// exchangedInUse exchanges the store while reports are sent without a pause: it must
// not take one of them.
func (x *strangeLog) exchangedInUse(database, state string) {
	x.t.Helper()
	facts := func() (n int) {
		x.t.Helper()
		err := withConn(x.t.Context(), x.store.server.URL(database), func(conn *pgx.Conn) error {
			return conn.QueryRow(x.t.Context(), `select count(*) from eventstore.events join eventstore.streams using (sid) where name !~ '^\$'`).Scan(&n)
		})
		if err != nil {
			x.t.Fatal(err)
		}
		return n
	}
	before := facts()
	done := make(chan struct{})
	var writers sync.WaitGroup
	var refused atomic.Int64
	for w := range 4 {
		writers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				a, err := x.author.send(x.t.Context(), http.DefaultClient, x.url, fmt.Sprintf("in-use-%s-%d-%d", state, w, n))
				if err != nil {
					x.t.Error(err)
					return
				}
				if a.notNow() {
					refused.Add(1)
				}
			}
		})
	}
	x.store.exchange(database)
	x.refuses(state)
	close(done)
	writers.Wait()
	if after := facts(); after != before {
		x.t.Errorf("the store that was put in place took %d facts before it was noticed", after-before)
	}
	if refused.Load() == 0 {
		x.t.Error("nothing was sent meanwhile")
	}
}

// jejak runs a subcommand on the same storage.
func (x *strangeLog) jejak(args ...string) (code int, out, messages string) {
	x.t.Helper()
	cmd := exec.Command(binary(x.t), append(append(args, x.storage...), "--state-dir", x.dir, "--log-level", "warn")...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		x.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// adopt takes the log, and gives what it says.
func (x *strangeLog) adopt() (a adopted) {
	x.t.Helper()
	if code, out, messages := x.jejak("adopt"); code != exitUsage || out != "" || !strings.Contains(messages, "not in this log") {
		x.t.Fatalf("without a word of consent: exit code %d\n%s%s", code, out, messages)
	}
	x.killedAdoption()
	type said struct {
		adopted
		code     int
		messages string
	}
	two := make(chan said, 2)
	for range 2 { // one adopts, the other finds nothing to adopt, or does not wait so long
		go func() {
			var s said
			var out string
			s.code, out, s.messages = x.jejak("adopt", "--yes")
			if err := json.Unmarshal([]byte(out), &s.adopted); err != nil && s.code == exitOK {
				x.t.Error(err)
			}
			two <- s
		}()
	}
	one, other := <-two, <-two
	if other.Adopted {
		one, other = other, one
	}
	if one.code != exitOK || !one.Adopted || other.Adopted || other.code != exitOK && !strings.Contains(other.messages, "another adoption") {
		x.t.Fatalf("adopt, twice at once: %+v, %+v", one, other)
	}
	return one.adopted
}

// killedAdoption begins an adoption and kills it at its first sign of work, or later.
func (x *strangeLog) killedAdoption() {
	x.t.Helper()
	cmd := exec.Command(binary(x.t), append([]string{"adopt", "--yes", "--state-dir", x.dir, "--log-level", "warn"}, x.storage...)...)
	messages, err := cmd.StderrPipe()
	if err != nil {
		x.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		x.t.Fatal(err)
	}
	for lines := bufio.NewScanner(messages); lines.Scan(); {
		if strings.Contains(lines.Text(), "adopt ") { // progress of a read model
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		x.t.Error(err)
	}
	if err := cmd.Wait(); err == nil {
		x.t.Error("the adoption was over before it could be killed")
	}
}

func (x *strangeLog) verified() {
	x.t.Helper()
	if code, out, messages := x.jejak("verify"); code != exitOK {
		x.t.Errorf("verify: exit code %d\n%s%s", code, out, messages)
	}
}

// outsiders cut a stream and write into one.
func (x *strangeLog) outsiders() {
	x.t.Helper()
	ctx := x.t.Context()
	config, err := esdb.ParseConnectionString("esdb://" + x.store.address + "?tls=false")
	if err != nil {
		x.t.Fatal(err)
	}
	client, err := esdb.NewClient(config)
	if err != nil {
		x.t.Fatal(err)
	}
	defer client.Close()
	stream := "person-" + x.author.person
	foreign := esdb.EventData{EventType: "Something", ContentType: esdb.ContentTypeJson, Data: []byte(`{}`)}
	strange := esdb.EventData{EventType: "person.registered.v1", ContentType: esdb.ContentTypeJson, Data: []byte(`{"employment":"pns","person":"2"}`)}
	for stream, event := range map[string]esdb.EventData{stream: foreign, "bar-2": strange} {
		if _, err := client.AppendToStream(ctx, stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, event); err != nil {
			x.t.Fatal(err)
		}
	}
	metric := func(name string, want float64) {
		eventually(x.t, name, 30*time.Second, func() error {
			if got := x.scrape(x.url)[name]; got != want {
				return fmt.Errorf("it is %v, not %v", got, want)
			}
			return nil
		})
	}
	metric("jejak_events_foreign", 2)
	x.works("with foreign events")
	x.verified()
	limit := func(change func(*esdb.StreamMetadata)) {
		m := esdb.StreamMetadata{}
		change(&m)
		if _, err := client.SetStreamMetadata(ctx, stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, m); err != nil {
			x.t.Fatal(err)
		}
	}
	limit(func(m *esdb.StreamMetadata) { m.SetMaxCount(1) })
	metric("jejak_streams_cut", 1)
	if a := x.write(); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `"stream-cut"`) {
		x.t.Errorf("on a cut stream a command is answered %v", a)
	}
	dir := filepath.Join(stateDir(x.t), "backup")
	for _, args := range [][]string{{"verify"}, {"backup", "--to", dir}} {
		if code, out, messages := x.jejak(args...); code != exitDamaged || !strings.Contains(out+messages, stream) {
			x.t.Errorf("%v: exit code %d\n%s%s", args, code, out, messages)
		}
	}
	if code, out, messages := x.jejak("restore", "--check", "--from", dir); code != exitOK { // nothing is gone yet
		x.t.Errorf("restore --check: exit code %d\n%s%s", code, out, messages)
	}
	limit(func(*esdb.StreamMetadata) {})
	metric("jejak_streams_cut", 0)
	x.works("whole again")
	x.verified()
}

// feed asks for a batch after a position.
func (x *strangeLog) feed(query, accept string) (resp *http.Response, body string) {
	x.t.Helper()
	return x.ask("/v1/events?"+query, accept)
}

// ask reads a path as the author, within a time that no answer needs.
func (x *strangeLog) ask(path, accept string) (resp *http.Response, body string) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, x.url+path, nil)
	if err != nil {
		x.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+x.author.token)
	req.Header.Set("Accept", accept)
	if resp, err = http.DefaultClient.Do(req); err != nil {
		x.t.Fatal(err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil {
		x.t.Fatal(err)
	}
	return resp, string(all)
}

// gone makes sure that readers of the feed are told of a position of before.
func (x *strangeLog) gone(query string) {
	x.t.Helper()
	resp, body := x.feed(query, "application/json")
	var problem struct{ Code, Log string }
	if err := json.Unmarshal([]byte(body), &problem); err != nil || resp.StatusCode != http.StatusConflict ||
		problem.Code != "not-a-place-of-this-log" || problem.Log != resp.Header.Get("Jejak-Log") {
		x.t.Errorf("%s: %s %s", query, resp.Status, body)
	}
	if resp, body = x.feed(query, "text/event-stream"); resp.StatusCode != http.StatusOK || !strings.Contains(body, "event: log-changed\nid: gone\n") {
		x.t.Errorf("%s as a stream: %s %s", query, resp.Status, body)
	}
}

// TestALogThatIsNotTheRightOneIsNoticedAndAdopted puts the event store back, empties
// and exchanges it, under a running product and under a stopped one.
func TestALogThatIsNotTheRightOneIsNoticedAndAdopted(t *testing.T) {
	t.Parallel()
	store := newExchangedStore(t)
	for _, database := range []string{"log", "nothing", "rows"} {
		store.exec(`create database ` + database)
	}
	store.start("log")
	rows, events := store.server.URL("rows"), "esdb://"+store.address+"?tls=false"
	x := &strangeLog{store: store, product: &product{t: t, dir: stateDir(t), outside: rows, storage: []string{"--database-url", rows, "--eventstore-url", events}}}
	x.flags = append([]string{"--demo", "--people", "20"}, x.storage...)
	x.start()
	x.seeded()
	x.author = authors(t, x.product, 1)[0]
	x.stop()
	store.stop()
	store.copyOf("log", "earlier")
	store.copyOf("rows", "rows_earlier")
	x.flags = x.storage
	store.start("log")
	x.start()
	before := x.works("as it was")
	resp, _ := x.feed(fmt.Sprintf("after=%d", before-1), "application/json")
	first := resp.Header.Get("Jejak-Log")
	if resp.StatusCode != http.StatusOK || len(first) != 36 || !strings.Contains(resp.Header.Get("Link"), "log="+first) {
		t.Errorf("the feed: %s %v", resp.Status, resp.Header)
	}
	cursor := fmt.Sprintf("after=%d", before)

	// Put back to an hour ago under a running product; the right one again.
	x.exchangedInUse("earlier", "older")
	x.gone(cursor)
	store.exchange("log")
	x.works("the right store again")
	if resp, body := x.feed(cursor+"&log="+first, "application/json"); resp.StatusCode != http.StatusOK {
		t.Errorf("%s %s", resp.Status, body)
	}

	// The same, and adopted beside the running product.
	store.exchange("earlier")
	x.refuses("older")
	if a := x.adopt(); a.State != "older" || a.Lost != 2 || a.ReadModels == 0 || a.AgreedUpTo >= before || !strings.HasPrefix(a.Log, first+"-") {
		t.Errorf("%+v", a)
	}
	for x.works("an earlier state, adopted") <= before { // until the old position is taken anew
	}
	x.gone(cursor + "&log=" + first)
	x.gone(cursor) // a number alone may be from before
	if resp, body := x.feed("after=1&log="+first, "application/json"); resp.StatusCode != http.StatusOK {
		t.Errorf("a position at which both logs are the same: %s %s", resp.Status, body)
	}
	x.verified()

	// Under a stopped product: the log that went the other way is back.
	x.stop()
	store.exchange("log")
	x.start()
	x.refuses("other")
	x.stop()
	if a := x.adopt(); a.State != "other" || a.Lost == 0 {
		t.Errorf("%+v", a)
	}
	x.start()
	x.works("another log, adopted at rest")
	x.verified()

	// The database put back: the read models catch up by themselves.
	x.stop()
	store.stop()
	store.exec(`alter database rows rename to rows_present`)
	store.copyOf("rows_earlier", "rows")
	store.start("log")
	x.start()
	x.works("an earlier database")
	x.verified()
	// Texts sealed since then are lost with their vault; all others are shown.
	if resp, body := x.ask("/v1/people/"+x.author.person+"/reports", "application/json"); resp.StatusCode != http.StatusOK || !strings.Contains(body, `"lost":true`) {
		x.t.Errorf("reports of which some texts are lost: %s %s", resp.Status, body)
	}
	// Both put back together.
	x.stop()
	store.stop()
	store.exec(`drop database rows`)
	store.copyOf("rows_earlier", "rows")
	store.start("earlier")
	x.start()
	x.ready()
	x.verified()

	x.outsiders()

	// Another ledger's, and an emptied one.
	store.exec(`create database strange`)
	store.exchange("strange")
	strange := serve(t, stateDir(t), "--demo", "--people", "30", "--seed", "7", "--eventstore-url", events)
	strange.seeded()
	strange.stop()
	x.refusesAny("older", "other") // both begin with the city's units
	// The same for a database of a version of before, which has noted no events: in a
	// longer log there is one at each of its places.
	x.stop()
	if err := withConn(t.Context(), rows, func(conn *pgx.Conn) error {
		_, err := conn.Exec(t.Context(), `update readmodel.projection set event_id = ''; delete from operations.log`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	x.start()
	x.refuses("other")
	store.exchange("nothing")
	x.refuses("empty")
	if a := x.adopt(); a.State != "empty" || a.AgreedUpTo != 0 || a.Lost < 1_000 {
		t.Errorf("%+v", a)
	}
	x.ready()
	x.verified()
	store.exchange("strange")
	eventually(t, "take the log of a new beginning", 30*time.Second, func() error {
		resp, _ := x.feed("after=0", "application/json")
		if resp.StatusCode == http.StatusUnauthorized {
			return nil // nobody is known there
		}
		return fmt.Errorf("%s", resp.Status)
	})
}
