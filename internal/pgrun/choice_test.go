package pgrun

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// installed makes a folder of server programs as Debian lays it out.
func installed(t *testing.T, root string, version string, programs ...string) {
	t.Helper()
	bin := filepath.Join(root, version, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range programs {
		text := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + ".3 (Test)'\n"
		if err := os.WriteFile(filepath.Join(bin, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheNewestCompleteProgramsAreChosen(t *testing.T) {
	root := t.TempDir()
	installed(t, root, "9", "initdb", "postgres")
	installed(t, root, "15", "initdb", "postgres")
	installed(t, root, "17", "psql") // only the client
	if err := os.Mkdir(filepath.Join(root, "common"), 0o755); err != nil {
		t.Fatal(err)
	}
	bin, major, err := search(root, 0)
	if err != nil || major != 15 || bin != filepath.Join(root, "15", "bin") {
		t.Fatalf("search = %q, %d, %v", bin, major, err)
	}
}

func TestAnExistingClusterKeepsItsVersion(t *testing.T) {
	root, data := t.TempDir(), t.TempDir()
	installed(t, root, "15", "initdb", "postgres")
	installed(t, root, "18", "initdb", "postgres")
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cluster, err := clusterVersion(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, major, err := search(root, cluster); err != nil || major != 15 {
		t.Fatalf("search = %d, %v", major, err)
	}
	if _, err := choosePrograms(filepath.Join(root, "15", "bin"), cluster); err != nil {
		t.Fatal(err)
	}
	_, err = choosePrograms(filepath.Join(root, "18", "bin"), cluster)
	if missing, ok := errors.AsType[*NoProgramsError](err); !ok || missing.Major != 15 {
		t.Fatalf("a newer server was not refused: %v", err)
	}
}

func TestMissingProgramsSayInOneLineWhatToDo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for want, text := range map[int]string{0: "apt-get install postgresql", 14: "apt-get install postgresql-14"} {
		_, _, err := search(filepath.Join(t.TempDir(), "nowhere"), want)
		if _, ok := errors.AsType[*NoProgramsError](err); !ok {
			t.Fatalf("error = %v", err)
		}
		if !strings.HasSuffix(err.Error(), text) || strings.Contains(err.Error(), "\n") {
			t.Errorf("text = %q", err)
		}
	}
}

func TestProgramsOnPATHAreFoundOutsideDebian(t *testing.T) {
	root := t.TempDir()
	installed(t, root, "16", "initdb", "postgres")
	bin := filepath.Join(root, "16", "bin")
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	if got, major, err := search(filepath.Join(root, "nowhere"), 0); err != nil || got != bin || major != 16 {
		t.Fatalf("search = %q, %d, %v", got, major, err)
	}
}

func TestAPathTooLongForASocketIsRefused(t *testing.T) {
	fits := maxSocketBytes - len("/pg/run/"+socketName)
	if _, err := newLayout("/" + strings.Repeat("a", fits-1)); err != nil {
		t.Fatalf("80 bytes: %v", err)
	}
	_, err := newLayout("/" + strings.Repeat("a", fits))
	if err == nil || !strings.Contains(err.Error(), "too long") || !strings.Contains(err.Error(), strconv.Itoa(maxSocketBytes)) {
		t.Fatalf("81 bytes: %v", err)
	}
}

func TestACommaInThePathIsRefused(t *testing.T) {
	if _, err := newLayout("/srv/a,b"); err == nil {
		t.Fatal("clients would read two hosts")
	}
}

func TestAStateDirectoryTheServerCannotReachIsRefusedByName(t *testing.T) {
	top := t.TempDir()
	if err := os.Chmod(filepath.Dir(top), 0o711); err != nil { // the test's own folder is closed as well
		t.Fatal(err)
	}
	dir := filepath.Join(top, "closed")
	if err := os.MkdirAll(filepath.Join(dir, "jejak"), 0o700); err != nil {
		t.Fatal(err)
	}
	stranger := owner{uid: uint32(os.Geteuid()) + 4321, gid: uint32(os.Getegid()) + 4321, switched: true}
	err := stranger.reaches(filepath.Join(dir, "jejak"))
	if err == nil || !strings.Contains(err.Error(), "chmod o+x "+dir) {
		t.Fatalf("error = %v", err)
	}
	for _, open := range []string{dir, filepath.Join(dir, "jejak")} {
		if err := os.Chmod(open, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	if err := stranger.reaches(filepath.Join(dir, "jejak")); err != nil {
		t.Fatal(err)
	}
}

func TestTheDefaultDirectoryFollowsTheAccount(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "/srv/state")
	want := "/srv/state/jejak"
	if os.Geteuid() == 0 {
		want = "/var/lib/jejak" // the server cannot enter root's home
	}
	if dir, err := DefaultDir(); err != nil || dir != want {
		t.Fatalf("DefaultDir = %q, %v", dir, err)
	}
}

func TestSettingsThatGuardTheDataCannotBeChanged(t *testing.T) {
	for _, name := range []string{"fsync", "FSYNC", "listen_addresses", "unix_socket_permissions"} {
		if _, err := serverArgs("/x/pg", Options{Settings: map[string]string{name: "off"}}); err == nil {
			t.Errorf("%s was changed", name)
		}
	}
	args, err := serverArgs("/x/pg", Options{Settings: map[string]string{"shared_buffers": "1GB"}})
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(args, " "); !strings.Contains(text, "shared_buffers=1GB") || strings.Contains(text, "256MB") {
		t.Errorf("tuning was not replaced: %s", text)
	}
}
