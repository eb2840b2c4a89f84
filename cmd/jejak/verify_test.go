package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// damagedLedger is a ledger at rest whose tables a test may change as their owner.
type damagedLedger struct {
	t    *testing.T
	dir  string
	url  string
	conn *pgx.Conn
	// close ends the database; the end of the test does the same.
	close func()
}

// atRest fills a ledger, stops the product and starts only its database.
func atRest(t *testing.T) *damagedLedger {
	t.Helper()
	dir := stateDir(t)
	p := serve(t, dir, "--demo", "--people", "20")
	p.seeded()
	p.stop()
	server, err := pgrun.Start(t.Context(), pgrun.Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), server.URL(databaseName))
	if err != nil {
		t.Fatal(err)
	}
	stop := sync.OnceFunc(func() {
		ctx := context.WithoutCancel(t.Context())
		if err := errors.Join(conn.Close(ctx), server.Stop(ctx)); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return &damagedLedger{t: t, dir: dir, url: server.URL(databaseName), conn: conn, close: stop}
}

func (d *damagedLedger) exec(sql string) {
	d.t.Helper()
	if _, err := d.conn.Exec(d.t.Context(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
		d.t.Fatalf("%s: %v", sql, err)
	}
}

// verify runs the subcommand and gives its exit code and the line of the whole.
func (d *damagedLedger) verify() (code int, v verdict, output string) {
	d.t.Helper()
	var out, messages bytes.Buffer
	code = run(d.t.Context(), []string{"verify", "--json", "--state-dir", d.dir, "--database-url", d.url, "--log-level", "error"}, &out, &messages)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &v); err != nil {
		d.t.Errorf("no verdict: %v", err)
	}
	return code, v, out.String() + messages.String()
}

// position of a fact in the middle of the log with a property.
func (d *damagedLedger) position(where string) (pos uint64) {
	d.t.Helper()
	err := d.conn.QueryRow(d.t.Context(), `select pos from eventstore.events e join eventstore.streams s using (sid)
		where pos > 300 and left(s.name, 1) <> '$' and `+where+` order by pos limit 1`).Scan(&pos)
	if err != nil {
		d.t.Fatalf("no fact where %s: %v", where, err)
	}
	return pos
}

// TestVerifyFindsEveryChangeAndNamesItsPlace changes the ledger as the owner of
// its tables can, with the triggers off, one change at a time.
func TestVerifyFindsEveryChangeAndNamesItsPlace(t *testing.T) {
	d := atRest(t)
	if code, v, output := d.verify(); code != exitOK || v.Findings != 0 || v.Events < 1_000 || v.Projections != readModels {
		t.Fatalf("of a sound ledger: exit code %d, %+v\n%s", code, v, output)
	}
	at := d.position(`type = 'progress.reported.v1' and rev = 0`)
	later := d.position(fmt.Sprintf(`rev > 1 and pos > %d`, at))
	event := func(set string) string { return fmt.Sprintf(`update eventstore.events set %s where pos = %d`, set, at) }
	byteOf := func(column string, from, to string) string {
		return event(fmt.Sprintf(`%[1]s = convert_to(regexp_replace(convert_from(%[1]s, 'UTF8'), '%s', '%s'), 'UTF8')`, column, from, to))
	}
	store := map[string]struct {
		sql   string
		first uint64
	}{
		"a digit of the body":       {byteOf("data", `([0-8])"`, `9"`), at},
		"a space in the body":       {byteOf("data", `\{`, `{ `), at},
		"a field of the body":       {byteOf("data", `"([a-z])`, `"x\1`), at},
		"a byte that is no UTF-8":   {event(`data = set_byte(data, 2, 255)`), at},
		"the time of the metadata":  {byteOf("meta", `"recordedAt":"(....)-..`, `"recordedAt":"\1-12`), at},
		"the actor":                 {byteOf("meta", `"actor":"(.*?)"`, `"actor":"0190"`), at},
		"the name":                  {event(`type = 'progress.corrected.v1'`), at},
		"an unknown name":           {event(`type = 'progress.reported.v9'`), at},
		"the id":                    {event(`id = gen_random_uuid()`), at},
		"the time of storing":       {event(`created = created - 10000000`), at},
		"the mark of JSON":          {event(`json = not json`), at},
		"a revision":                {fmt.Sprintf(`update eventstore.events set rev = rev + 1000 where pos = %d`, later), later},
		"an event is missing":       {fmt.Sprintf(`delete from eventstore.events where pos = %d`, at), at},
		"the last event is missing": {`delete from eventstore.events where pos = (select max(pos) from eventstore.events)`, 0},
		"two events are exchanged": {fmt.Sprintf(`update eventstore.events set pos = -pos where pos in (%[1]d, %[2]d);
			update eventstore.events set pos = case when pos = -%[1]d then %[2]d else %[1]d end where pos < 0`, at, later), at},
		"an event twice": {fmt.Sprintf(`insert into eventstore.events select (select max(pos) + 1 from eventstore.events), sid, rev + 500, created, id, json, type, data, meta
			from eventstore.events where pos = %d`, at), 0},
	}
	d.exec(`create table kept_events as table eventstore.events; create table kept_streams as table eventstore.streams;
		alter table eventstore.events disable trigger user;
		alter table eventstore.events drop constraint events_pos_check`)
	for what, damage := range store {
		t.Run(what, func(t *testing.T) {
			d.exec(damage.sql)
			code, v, output := d.verify()
			if what == "an event twice" && !strings.Contains(output, fmt.Sprintf("has the id of the event at %d", at)) {
				t.Errorf("the id that is there twice is not named: %.2000s", output)
			}
			if code != exitDamaged || v.Findings == 0 || damage.first != 0 && v.First != damage.first {
				t.Errorf("exit code %d, %+v; want position %d\n%.2000s", code, v, damage.first, output)
			}
			d.exec(`delete from eventstore.events; insert into eventstore.events table kept_events;
				delete from eventstore.streams; insert into eventstore.streams table kept_streams`)
		})
	}
	models := map[string]string{
		"audittrail_v3_fact": `update readmodel.audittrail_v3_fact set unit = unit || 'x' where position = %d`,
		"audittrail_v3_block": `update readmodel.audittrail_v3_block set facts = facts || '\x00' where %d > 0 and
			(subject, number) = (select subject, number from readmodel.audittrail_v3_block order by 1, 2 limit 1)`,
		"audittrail_v3_origin": `delete from readmodel.audittrail_v3_origin where stream = (select min(stream) from readmodel.audittrail_v3_origin) and %d > 0`,
		"directory_v3_person":  `insert into readmodel.directory_v3_person select * from readmodel.directory_v3_person where %d > 0 limit 0; update readmodel.directory_v3_person set person = person || 'x' where person = (select min(person) from readmodel.directory_v3_person)`,
	}
	for table, sql := range models {
		t.Run(table, func(t *testing.T) {
			d.exec(`drop table if exists kept; create table kept as table readmodel.` + table)
			d.exec(fmt.Sprintf(sql, at))
			code, v, output := d.verify()
			if code != exitDamaged || v.Findings != 1 || !strings.Contains(output, `"table":"`+table+`"`) {
				t.Errorf("exit code %d, %+v\n%.2000s", code, v, output)
			}
			d.exec(fmt.Sprintf(`delete from readmodel.%[1]s; insert into readmodel.%[1]s table kept`, table))
		})
	}
	if code, v, output := d.verify(); code != exitOK {
		t.Errorf("mended: exit code %d, %+v\n%s", code, v, output)
	}
}
