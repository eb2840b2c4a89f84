package node

import (
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// The version before kept the number of a stream's last event beside the log.
func TestALogOfTheVersionBeforeGoesOn(t *testing.T) {
	url := pgtest.URL(t)
	owner, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(t.Context())
	if err := createServiceRole(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	before := `create schema eventstore;
		create table eventstore.migrations (name text primary key, applied timestamptz not null default now());`
	for _, file := range []string{"migrations/0001_log.sql", "migrations/0002_leader.sql"} {
		sql, err := migrations.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before += string(sql) + `insert into eventstore.migrations values ('` + file + `');`
	}
	before += `insert into eventstore.streams values (1, 's', 1, false, 0, 0, 0, null), (2, 'newest', 1, false, 0, 1, 0, null);
		insert into eventstore.events (pos, sid, rev, created, id, json, type, data, meta)
			select pos, sid, rev, 0, gen_random_uuid(), true, 't' || pos, '{}', '' from (values (1, 1, 0), (2, 2, 0), (3, 1, 1), (4, 2, 1)) e (pos, sid, rev)`
	if _, err := owner.Exec(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	r := newRig(t, func(o *Options) { o.DatabaseURL = url })
	answer, _, err := r.append("s", 0, ev("a"))
	if got := said(answer, err); got != "wrong, at 1" {
		t.Errorf("an append behind the old head: %s", got)
	}
	answer, _, err = r.append("s", 1, ev("b"))
	if got := said(answer, err); got != "ok, at 2" {
		t.Errorf("an append at the old head: %s", got)
	}
	read, err := r.client().ReadStream(t.Context(), "newest", esdb.ReadStreamOptions{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	e, err := read.Recv()
	if err != nil || e.OriginalEvent().EventNumber != 1 {
		t.Errorf("of a stream that shows its newest event, %v %v is read", e, err)
	}
}

// A program that does not know the tables must not write into them.
func TestALogOfANewerVersionIsRefused(t *testing.T) {
	r := newRig(t)
	owner := r.owner()
	if _, err := owner.Exec(t.Context(), `insert into eventstore.migrations values ('migrations/9999_later.sql')`); err != nil {
		t.Fatal(err)
	}
	if err := Migrate(t.Context(), r.opts.DatabaseURL); err == nil || !strings.Contains(err.Error(), "9999_later.sql") {
		t.Errorf("answered %v", err)
	}
}
