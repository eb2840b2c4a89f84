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
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// backupPeople is the size of the invented city in these tests: some thousand
// events. JEJAK_TEST_BACKUP_PEOPLE=2500 is the long form.
func backupPeople(t *testing.T) string {
	s := os.Getenv("JEJAK_TEST_BACKUP_PEOPLE")
	if s == "" {
		return "60"
	}
	if n, err := strconv.Atoi(s); err != nil || n < 1 {
		t.Fatalf("JEJAK_TEST_BACKUP_PEOPLE=%q is no number of people", s)
	}
	return s
}

// attempt runs a subcommand that may fail, and gives its exit code and messages.
func attempt(t *testing.T, dir string, args ...string) (code int, out, messages string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary(t), append(args, "--state-dir", dir, "--log-level", "warn")...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			t.Fatal(err)
		}
		code = exit.ExitCode()
	}
	return code, stdout.String(), stderr.String()
}

// freshState is an empty state directory with the keys of another, which lie in a
// safe in real life.
func freshState(t *testing.T, keysOf string) string {
	t.Helper()
	dir := stateDir(t)
	for _, name := range []string{"key.json", "secret"} {
		content, err := os.ReadFile(filepath.Join(keysOf, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// inRooms opens a state directory within the test.
func inRooms(t *testing.T, dir string, work func(*rooms) error) {
	t.Helper()
	c := &Config{StateDir: dir, Zone: "Asia/Jakarta"}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	r, err := openRooms(t.Context(), c, slog.New(slog.DiscardHandler), true)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(work(r), r.close(context.WithoutCancel(t.Context()))); err != nil {
		t.Fatal(err)
	}
}

// everything is the log and the vault of a product as the database holds them.
func everything(t *testing.T, dir string) (all []string) {
	t.Helper()
	inRooms(t, dir, func(r *rooms) error {
		for _, sql := range []string{
			`select to_jsonb(e) - 'sid' || jsonb_build_object('stream', s.name) from eventstore.events e join eventstore.streams s using (sid) order by e.pos`,
			`select to_jsonb(k) from vault.person_key k order by subject, class`, `select to_jsonb(t) from vault.text t order by digest`,
			`select to_jsonb(i) from vault.identity i order by subject`, `select to_jsonb(o) from vault.own_key o`,
			`select to_jsonb(a) - 'last_used_at' from access.api_token a order by id`,
		} {
			rows, err := r.pool.Query(t.Context(), `select x::text from (`+sql+`) q(x)`)
			if err != nil {
				return err
			}
			lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				return err
			}
			all = append(all, lines...)
		}
		return nil
	})
	return all
}

// copied copies a backup as it is now.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestALedgerThatIsLostComesBackWhole backs up under writing load, loses the whole
// machine, restores, and goes on working.
func TestALedgerThatIsLostComesBackWhole(t *testing.T) {
	dir, to := stateDir(t), filepath.Join(t.TempDir(), "backup")
	p := serve(t, dir, "--demo", "--people", backupPeople(t))
	p.seeded()
	l := newLoad(t, p, 4)
	l.begin(p)
	var during []string
	for range 2 {
		command(t, dir, "backup", "--to", to)
		during = append(during, copied(t, to))
	}
	l.moreThan(20)
	l.rest()
	var last backedUp
	if err := json.Unmarshal([]byte(command(t, dir, "backup", "--to", to)), &last); err != nil {
		t.Fatal(err)
	}
	if last.New == 0 || last.New >= last.Events {
		t.Errorf("the last backup had %d new of %d events", last.New, last.Events)
	}
	p.stop()
	before := everything(t, dir)
	keys := freshState(t, dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}

	again := freshState(t, keys)
	command(t, again, "restore", "--from", to, "--fingerprint", last.Fingerprint)
	if after := everything(t, again); !reflect.DeepEqual(after, before) {
		t.Errorf("%d rows came back, there were %d; or they are others", len(after), len(before))
	}
	p = serve(t, again)
	p.ready()
	if err := l.people[0].report(t.Context(), p.url, l.name+"-0-0"); err != nil {
		t.Errorf("an old order is not answered again: %v", err)
	}
	l.begin(p)
	l.moreThan(5)
	l.judge(p)
	p.stop()
	equalToRebuild(t, again)
	for _, from := range during {
		textsOfEveryEvent(t, keys, from)
	}
}

// textsOfEveryEvent restores a backup that was made under load, and looks for the
// text of each report in its vault.
func textsOfEveryEvent(t *testing.T, keys, from string) {
	t.Helper()
	dir := freshState(t, keys)
	command(t, dir, "restore", "--from", from)
	inRooms(t, dir, func(r *rooms) error {
		var reports, missing int
		err := r.pool.QueryRow(t.Context(), `select count(*), count(*) filter (where x.digest is null)
			from eventstore.events e left join vault.text x on x.digest = convert_from(e.data, 'UTF8')::json ->> 'text'
			where e.type = 'progress.reported.v1'`).Scan(&reports, &missing)
		if err == nil && (reports < 100 || missing > 0) {
			t.Errorf("of %d reports %d have no text in the vault", reports, missing)
		}
		return err
	})
}

// TestBackupAndRestoreAreKilledAndGoOn kills both with signal 9, again and again.
func TestBackupAndRestoreAreKilledAndGoOn(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	dir, to := stateDir(t), filepath.Join(t.TempDir(), "backup")
	p := serve(t, dir, "--demo", "--people", backupPeople(t))
	p.seeded()
	for range 4 {
		killed(t, dice, "back up events", dir, "backup", "--to", to)
	}
	command(t, dir, "backup", "--to", to)
	for range 3 { // a finished backup stays whole whatever happens to the next
		killed(t, dice, "back up", dir, "backup", "--to", to)
		command(t, dir, "restore", "--check", "--from", to)
	}
	p.stop()
	before, again := everything(t, dir), freshState(t, dir)
	halves := 0
	for _, step := range []string{"restore events", "restore events", "restore events", "compare events"} {
		killed(t, dice, step, again, "restore", "--from", to)
		code, _, messages := attempt(t, again, "projection", "list")
		if code == exitUnavailable && strings.Contains(messages, "run jejak restore once more") {
			halves++
		} else if code != exitOK {
			t.Fatalf("after a broken restore: exit code %d: %s", code, messages)
		}
	}
	t.Logf("%d restores were broken off in the middle", halves)
	if halves == 0 {
		t.Error("no restore was broken off in the middle")
	}
	code, out, messages := attempt(t, again, "restore", "--from", to)
	if code != exitOK && !strings.Contains(messages, "was restored into it") {
		t.Fatalf("exit code %d: %s%s", code, out, messages)
	}
	if after := everything(t, again); !reflect.DeepEqual(after, before) {
		t.Errorf("%d rows came back, there were %d; or they are others", len(after), len(before))
	}
}

// killed starts the program and kills it within 100 ms after it has told of a step.
func killed(t *testing.T, dice *rand.Rand, step string, dir string, args ...string) {
	t.Helper()
	cmd, stderr := begun(t, dir, args...)
	lines := bufio.NewScanner(stderr)
	for lines.Scan() && !strings.Contains(lines.Text(), `"`+step) {
	}
	<-time.After(time.Duration(dice.IntN(100)) * time.Millisecond)
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, stderr); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // it was killed
}

var errNotNow = errors.New("the machine stops between the fact and the key")

// unwilling destroys no key.
type unwilling struct{}

func (unwilling) Destroy(context.Context, domain.PersonID, string) error { return errNotNow }

// TestAnErasureOutlivesABackupThatStillHasTheKey: the fact is in the backup, and so
// is the key, because it was destroyed later.
func TestAnErasureOutlivesABackupThatStillHasTheKey(t *testing.T) {
	dir, to := stateDir(t), filepath.Join(t.TempDir(), "backup")
	p := serve(t, dir, "--demo", "--people", "20")
	p.seeded()
	p.stop()
	var erased domain.PersonID
	inRooms(t, dir, func(r *rooms) error {
		var agency domain.PersonID
		if err := r.pool.QueryRow(t.Context(), `select (select person from readmodel.directory_v3_role where role = 'bkpsdm' limit 1),
			(select subject from vault.person_key where class = 'identity' order by subject limit 1)`).Scan(&agency, &erased); err != nil {
			return err
		}
		r.office.Keys = unwilling{}
		_, err := r.office.DestroyKey(t.Context(), commands.Ask{Key: "erasure-1", Actor: agency, Source: domain.FromPage}, erased, "identity", "Jadwal retensi")
		if !errors.Is(err, errNotNow) {
			return fmt.Errorf("destroy: %w", err)
		}
		return nil
	})
	command(t, dir, "backup", "--to", to)
	again := freshState(t, dir)
	var done restored
	if err := json.Unmarshal([]byte(command(t, again, "restore", "--from", to)), &done); err != nil {
		t.Fatal(err)
	}
	if done.Erased != 1 {
		t.Errorf("%d keys were destroyed again", done.Erased)
	}
	inRooms(t, again, func(r *rooms) error {
		names, err := r.vault.Names(t.Context(), []domain.PersonID{erased})
		if !names[erased].Gone {
			t.Errorf("the name of an erased person came back: %+v", names)
		}
		return err
	})
}
