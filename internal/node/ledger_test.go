package node

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"google.golang.org/grpc/codes"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestLedgerStreamsOnlyGrow(t *testing.T) {
	r := newRig(t, func(o *Options) {
		o.Ledger, o.LedgerWriters = func(s string) bool { return strings.HasPrefix(s, "plan-") }, []string{Everybody}
	})
	r.must("plan-1", wantNone, ev("a"))
	head := r.Head()
	_, trailer, err := r.delete("plan-1", wantAny)
	wantRefusal(t, err, trailer, codes.PermissionDenied, "exception", "access-denied")
	if !strings.Contains(err.Error(), `stream "plan-1" is part of the ledger: it cannot be deleted`) {
		t.Errorf("the text is not clear: %v", err)
	}
	_, trailer, err = r.tombstone("plan-1", 0)
	wantRefusal(t, err, trailer, codes.PermissionDenied, "exception", "access-denied")
	_, trailer, err = r.append("$$plan-1", wantAny, meta(`{"$maxCount":1}`))
	wantRefusal(t, err, trailer, codes.PermissionDenied, "exception", "access-denied")
	if r.Head() != head {
		t.Error("something was stored")
	}
	if answers, _, _ := r.read(ofStream("plan-1")); show(answers) != "plan-1#0" {
		t.Errorf("got %s", show(answers))
	}
	r.must("$$note-1", wantAny, meta(`{"$maxCount":1}`))
}

func TestTheLogIsAppendOnlyInSQL(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("a b")...)
	owner := r.owner()

	const insert = `insert into eventstore.events (pos, sid, rev, created, id, json, type, data, meta)
		select n, 1, n, 0, gen_random_uuid(), false, 't', '', '' from generate_series(%, %) n`
	add := func(low, high string) string {
		return strings.Replace(strings.Replace(insert, "%", low, 1), "%", high, 1)
	}
	for _, row := range []struct {
		name, role, sql string
		allowed         bool
	}{
		{"owner updates", "", `update eventstore.events set data = 'x'`, false},
		{"owner updates nothing", "", `update eventstore.events set data = 'x' where false`, false},
		{"owner deletes", "", `delete from eventstore.events where pos = 1`, false},
		{"owner truncates", "", `truncate eventstore.events`, false},
		{"owner truncates by cascade", "", `truncate eventstore.streams, eventstore.events cascade`, false},
		{"owner as a replica updates", "", `set session_replication_role = replica; update eventstore.events set data = 'x'`, false},
		{"owner leaves a gap", "", add("7", "7"), false},
		{"owner leaves a gap inside", "", strings.Replace(add("6", "8"), " n, 1", " case when n = 7 then 99 else n end, 1", 1), false},
		{"owner takes a used position", "", add("5", "5"), false},
		{"owner takes position 0", "", add("0", "0"), false},
		{"owner adds nothing", "", add("9", "8"), true},
		{"owner adds the next ones", "", add("6", "7"), true},
		{"service updates", serviceRole, `update eventstore.events set data = 'x'`, false},
		{"service deletes", serviceRole, `delete from eventstore.events`, false},
		{"service truncates", serviceRole, `truncate eventstore.events`, false},
		{"service drops", serviceRole, `drop table eventstore.events`, false},
		{"service disables the trigger", serviceRole, `alter table eventstore.events disable trigger all`, false},
		{"service deletes a stream", serviceRole, `delete from eventstore.streams`, false},
		{"service adds the next one", serviceRole, add("6", "6"), true},
		{"service reads", serviceRole, `select * from eventstore.events, eventstore.streams`, true},
		{"a revision twice", serviceRole, strings.Replace(add("6", "6"), "n, 1, n", "n, (select sid from eventstore.events where pos = 5), 1", 1), false},
	} {
		t.Run(row.name, func(t *testing.T) {
			tx, err := owner.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback(t.Context())
			if row.role != "" {
				if _, err := tx.Exec(t.Context(), "set local role "+row.role); err != nil {
					t.Fatal(err)
				}
			}
			if _, err = tx.Exec(t.Context(), row.sql); (err == nil) != row.allowed {
				t.Errorf("answered %v", err)
			}
		})
	}
}

func TestMigrateMayRaceWithItself(t *testing.T) {
	url := pgtest.URL(t)
	const racers = 6
	errs := make(chan error, racers)
	for range racers {
		go func() { errs <- Migrate(t.Context(), url) }()
	}
	for range racers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestTheNodesConnectionsActAsTheServiceRole(t *testing.T) {
	r := newRig(t)
	var role string
	if err := r.pool.QueryRow(t.Context(), `select current_user`).Scan(&role); err != nil || role != serviceRole {
		t.Errorf("readers act as %q %v", role, err)
	}
	if err := r.seq.store.(*session).conn.QueryRow(t.Context(), `select current_user`).Scan(&role); err != nil || role != serviceRole {
		t.Errorf("the writer acts as %q %v", role, err)
	}
}

// A plan that reads a whole table works in every test and fails in the tenth year.
func TestEveryStatementUsesAnIndex(t *testing.T) {
	r := newRig(t)
	conn, err := r.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	ids, names := [][16]byte{{1}}, []string{"s"}
	for name, row := range map[string]struct {
		index string
		sql   string
		args  []any
	}{
		"streams":         {"streams_name_key", selectStreams, []any{names}},
		"by id":           {"events_id", selectByID, []any{[]int64{1}, ids}},
		"by revision":     {"events_sid_rev_key", selectByRev, []any{[]int64{1}, []int64{1}}},
		"heads":           {"events_pkey", readHeads, nil},
		"log":             {"events_pkey", selectLog, []any{1, 2, 10}},
		"log back":        {"events_pkey", selectLogBack, []any{1, 2, 10}},
		"log by type":     {"events_pkey", selectLogByType, []any{1, 2, 10, names}},
		"log by stream":   {"events_pkey", selectLogByStream, []any{1, 2, 10, names}},
		"names":           {"streams_pkey", selectNames, []any{[]int64{1}}},
		"stream":          {"events_sid_rev_key", selectStream, []any{"s", 0, 9, 0, 10}},
		"stream back":     {"events_sid_rev_key", selectStreamBack, []any{"s", 0, 9, 0, 10}},
		"tombstone":       {"events_sid_rev_key", selectTombstone, []any{"s"}},
		"settings":        {"events_sid_rev_key", selectSettings, []any{streamOfSettings}},
		"metadata":        {"streams_name_key", selectMetadata, []any{"s"}},
		"targets of link": {"events_sid_rev_key", selectTargets, []any{names, []int64{1}, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, mode := range []string{"force_generic_plan", "force_custom_plan"} {
				if _, err := conn.Exec(t.Context(), "set plan_cache_mode = "+mode); err != nil {
					t.Fatal(err)
				}
				rows, err := conn.Query(t.Context(), "explain "+row.sql, row.args...)
				if err != nil {
					t.Fatal(err)
				}
				lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
				if err != nil {
					t.Fatal(err)
				}
				plan := strings.Join(lines, "\n")
				if !strings.Contains(plan, row.index) || strings.Contains(plan, "Seq Scan") {
					t.Errorf("%s: no use of %s:\n%s", mode, row.index, plan)
				}
			}
		})
	}
}
