package pgrun

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// debianPrograms is where Debian keeps the server programs: one folder for each
// major version, and off PATH.
const debianPrograms = "/usr/lib/postgresql"

// NoProgramsError says that the server programs are missing, and what to do.
type NoProgramsError struct {
	Major int // the version an existing cluster needs; 0 = any
}

func (e *NoProgramsError) Error() string {
	if e.Major == 0 {
		return "no PostgreSQL server programs found: apt-get install postgresql"
	}
	return fmt.Sprintf("the cluster needs the PostgreSQL %d server programs: apt-get install postgresql-%[1]d", e.Major)
}

// FindPrograms finds the newest installed server programs: the directory of
// initdb and postgres, and their major version. It fails with *NoProgramsError.
func FindPrograms() (bindir string, major int, err error) {
	return search(debianPrograms, 0)
}

// search looks for the version want (0 = the newest) below root, then on PATH.
func search(root string, want int) (bindir string, major int, err error) {
	entries, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", 0, fmt.Errorf("look for PostgreSQL: %w", err)
	}
	for _, entry := range entries {
		version, err := strconv.Atoi(entry.Name())
		if err != nil || version <= major || (want != 0 && version != want) {
			continue // 9.6 and older, or not what we want
		}
		// A client-only package leaves a folder without the server in it.
		if dir := filepath.Join(root, entry.Name(), "bin"); complete(dir) {
			bindir, major = dir, version
		}
	}
	if major != 0 {
		return bindir, major, nil
	}
	if found, err := exec.LookPath("postgres"); err == nil && complete(filepath.Dir(found)) {
		version, err := programVersion(filepath.Dir(found))
		if err != nil {
			return "", 0, err
		}
		if want == 0 || version == want {
			return filepath.Dir(found), version, nil
		}
	}
	return "", 0, &NoProgramsError{Major: want}
}

func complete(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := exec.LookPath(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// programVersion asks the program, as a folder's name proves nothing outside Debian.
func programVersion(bindir string) (int, error) {
	text, err := exec.Command(filepath.Join(bindir, "postgres"), "--version").Output()
	if err != nil {
		return 0, fmt.Errorf("ask postgres for its version: %w", err)
	}
	match := versionText.FindSubmatch(text)
	if match == nil {
		return 0, fmt.Errorf("ask postgres for its version: %q is no answer", text)
	}
	return strconv.Atoi(string(match[1]))
}

// clusterVersion is the major version that made the cluster; 0 when there is none yet.
func clusterVersion(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the cluster's version: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read the cluster's version: %w", err)
	}
	return major, nil
}

// choosePrograms reads the cluster first: a newer server refuses older files,
// so a cluster keeps its major version whatever else is installed since.
func choosePrograms(bindir string, cluster int) (string, error) {
	if bindir == "" {
		found, _, err := search(debianPrograms, cluster)
		return found, err
	}
	version, err := programVersion(bindir)
	if err != nil {
		return "", err
	}
	if cluster != 0 && cluster != version {
		return "", fmt.Errorf("%s is PostgreSQL %d: %w", bindir, version, &NoProgramsError{Major: cluster})
	}
	return bindir, nil
}
