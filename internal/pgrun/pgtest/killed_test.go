package pgtest_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// killMe makes a copy of this binary take a database, print its URL and wait to be killed.
const killMe = "PGTEST_KILL_ME"

func TestAKilledTestProcessLeavesNoFiles(t *testing.T) {
	if os.Getenv(killMe) != "" {
		fmt.Println("url=" + pgtest.URL(t))
		select {} // until the kill
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "-test.run=^TestAKilledTestProcessLeavesNoFiles$")
	cmd.Env = append(os.Environ(), killMe+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var line string
	_, scanErr := fmt.Fscanln(out, &line)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its end is the kill
	text, ok := strings.CutPrefix(line, "url=")
	if !ok {
		t.Fatalf("the process printed %q: %v", line, scanErr)
	}
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(filepath.Dir(u.Query().Get("host"))) // DIR/pg/run
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s is still there", dir)
		case <-tick.C:
		}
	}
}
