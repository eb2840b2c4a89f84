package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/vault"
)

// smallBackup is a ledger at rest and a backup of it.
func smallBackup(t *testing.T) (dir, to string) {
	t.Helper()
	dir, to = stateDir(t), filepath.Join(t.TempDir(), "backup")
	p := serve(t, dir, "--demo", "--people", "20")
	p.seeded()
	p.stop()
	command(t, dir, "backup", "--to", to)
	return dir, to
}

func TestARestoreThatWouldHarmIsRefusedAndSaysWhatToDo(t *testing.T) {
	dir, to := smallBackup(t)
	refuse := func(what string, wantCode int, says string, state string, args ...string) {
		t.Helper()
		code, out, messages := attempt(t, state, append([]string{"restore"}, args...)...)
		if code != wantCode || !strings.Contains(messages, says) {
			t.Errorf("%s: exit code %d, want %d and %q: %s%s", what, code, wantCode, says, out, messages)
		}
	}
	refuse("a ledger that is there", exitFailed, "empty database and event store only", dir, "--from", to)
	refuse("no key", exitUsage, "no key file", stateDir(t), "--from", to)
	other := stateDir(t)
	if _, err := vault.CreateKEK(filepath.Join(other, "key.json")); err != nil {
		t.Fatal(err)
	}
	refuse("another key", exitUsage, "but the backup is locked with key", other, "--from", to)
	refuse("no backup", exitFailed, "there is no backup in", freshState(t, dir), "--from", t.TempDir())
	refuse("another fingerprint", exitDamaged, "it is another one", freshState(t, dir), "--from", to, "--fingerprint", "abc")
	running := stateDir(t)
	serve(t, running)
	for _, name := range []string{"key.json", "secret"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(running, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	refuse("a product that runs", exitInUse, "", running, "--from", to)
	files, err := filepath.Glob(filepath.Join(to, "events-*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.Truncate(files[0], 1_000); err != nil {
		t.Fatal(err)
	}
	empty := freshState(t, dir)
	refuse("a truncated file", exitDamaged, filepath.Base(files[0])+": it has 1000 bytes", empty, "--from", to)
	if _, err := os.Stat(filepath.Join(empty, "postgres")); err == nil {
		t.Error("a database was made for a damaged backup")
	}
}

// TestADrillFindsWhatDiffersAndLeavesNothingBehind drills a sound ledger, beside
// the running product, and then one with a changed read model.
func TestADrillFindsWhatDiffersAndLeavesNothingBehind(t *testing.T) {
	dir, temporary := stateDir(t), stateDir(t)
	p := serve(t, dir, "--demo", "--people", "20")
	p.seeded()
	drill := func() (report drilled, code int, messages string) {
		t.Helper()
		code, out, messages := attempt(t, dir, "drill", "--dir", temporary)
		if err := json.Unmarshal([]byte(out), &report); err != nil {
			t.Fatalf("%v: %s%s", err, out, messages)
		}
		left, err := os.ReadDir(temporary)
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
		return report, code, messages
	}
	report, code, messages := drill()
	if code != exitOK || !report.Equal || !report.PlacesKept || report.Events < 1_000 || report.Texts < 100 || report.Names < 20 || len(report.ReadModels) != readModels {
		t.Errorf("a sound ledger: exit code %d, %+v\n%s", code, report, messages)
	}
	t.Logf("backup %d ms, restore %d ms for %d events", report.BackupMS, report.RestoreMS, report.Events)
	command(t, dir, "backup", "--to", filepath.Join(t.TempDir(), "backup"))
	if at := backupGauge(t, p); time.Since(time.Unix(at, 0)) > time.Minute {
		t.Errorf("the metrics say that the last backup was at %d", at)
	}
	p.stop()
	inRooms(t, dir, func(r *rooms) error {
		_, err := r.pool.Exec(t.Context(), `update readmodel.audittrail_v3_fact set unit = unit || 'x' where position = 500`)
		return err
	})
	report, code, _ = drill()
	if code != exitDamaged || report.Equal || len(report.Differences) != 1 || !strings.HasPrefix(report.Differences[0], "audittrail_v3:") {
		t.Errorf("a changed read model: exit code %d, %+v", code, report)
	}
}

// backupGauge scrapes the time of the last backup.
func backupGauge(t *testing.T, p *product) int64 {
	t.Helper()
	resp, err := http.Get(p.url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "jejak_backup_last_ok_timestamp_seconds "); ok {
			at, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatal(err)
			}
			return int64(at)
		}
	}
	t.Fatal("no such metric")
	return 0
}

// TestABackupGoesIntoAnEventStoreOfItsOwn restores through the official client into
// an event store that others run, here a node alone on an address.
func TestABackupGoesIntoAnEventStoreOfItsOwn(t *testing.T) {
	dir, to := smallBackup(t)
	url := standalone(t)
	again := freshState(t, dir)
	var done restored
	if err := json.Unmarshal([]byte(command(t, again, "restore", "--from", to, "--eventstore-url", url)), &done); err != nil {
		t.Fatal(err)
	}
	if done.PlacesKept || done.Events < 1_000 {
		t.Errorf("restored %+v", done)
	}
	if out := command(t, again, "verify", "--eventstore-url", url); !strings.Contains(out, " 0 findings") {
		t.Error(out)
	}
	second := filepath.Join(t.TempDir(), "second")
	var one, two backedUp
	for from, s := range map[string]*backedUp{to: &one, second: &two} {
		args, state := []string{"backup", "--to", from}, dir
		if s == &two {
			args, state = append(args, "--eventstore-url", url), again
		}
		if err := json.Unmarshal([]byte(command(t, state, args...)), s); err != nil {
			t.Fatal(err)
		}
	}
	if one.Events != two.Events || one.Rows != two.Rows || one.Fingerprint == two.Fingerprint {
		t.Errorf("a backup of the one is %+v, of the other %+v", one, two)
	}
}

// standalone runs jejak node and gives its address. It must end in order.
func standalone(t *testing.T, more ...string) string {
	t.Helper()
	cmd := exec.Command(binary(t), append([]string{"node", "--listen", "127.0.0.1:0", "--state-dir", stateDir(t), "--log-level", "error"}, more...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the node does not listen")
	}
	return lines.Text()
}
