package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

const (
	// fullDataMB holds a cluster with the demonstration and little more; fullWALMB
	// some segments of the database's log.
	fullDataMB = 260
	fullWALMB  = 112
)

// mount puts a small volume in memory at a directory until the test ends.
func mount(t *testing.T, dir string, megabytes int) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=0711", megabytes)); err != nil {
		if errors.Is(err, syscall.EPERM) {
			t.Skip("a small volume can be mounted by root only")
		}
		t.Fatalf("mount a small volume: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
}

// fill writes a file until the volume is full; removing it gives the room back.
func fill(t *testing.T, dir string) (ballast string) {
	t.Helper()
	ballast = filepath.Join(dir, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 1<<20); len(block) > 0; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			block = block[:len(block)/2]
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil && !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	return ballast
}

// unready is nil when the product says that it cannot do its work.
func (p *product) unready() error {
	resp, err := http.Get(p.url + "/readyz")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable {
		return fmt.Errorf("/readyz says %s", resp.Status)
	}
	return nil
}

// TestAFullDiskIsAnErrorAndNeverALoss fills the volume of the state directory, and
// then that of the database's log alone, while people write.
func TestAFullDiskIsAnErrorAndNeverALoss(t *testing.T) {
	for name, small := range map[string]struct {
		megabytes int
		volume    func(dir string) string
	}{
		"the state directory": {fullDataMB, func(dir string) string { return dir }},
		"the database's log":  {fullWALMB, func(dir string) string { return filepath.Join(dir, "pg/data/pg_wal") }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := stateDir(t)
			volume := small.volume(dir)
			if volume == dir {
				mount(t, dir, small.megabytes)
			}
			p := serve(t, dir, "--demo", "--people", "20")
			p.seeded()
			if volume != dir {
				p.stop()
				moveTo(t, volume, small.megabytes)
				p = serve(t, dir)
				p.ready()
			}
			l := newLoad(t, p, writers)
			l.begin(p)
			l.moreThan(100)
			ballast := fill(t, volume)
			l.note("full")
			refused := l.delayed.Load()
			eventually(t, "writes are refused", startLimit, func() error {
				if l.delayed.Load() <= refused+writers {
					return errors.New("they go on")
				}
				return nil
			})
			eventually(t, "not ready", startLimit, p.unready)
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
			l.note("room again")
			l.moreThan(100)
			l.judge(p)
			select {
			case <-p.exited:
				t.Fatalf("the program ended: %v\n%s", p.waitErr, p.stderr)
			default:
			}
			p.stop()
			equalToRebuild(t, dir)
		})
	}
}

// moveTo puts a directory's files on a small volume at its place.
func moveTo(t *testing.T, dir string, megabytes int) {
	t.Helper()
	was, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	aside := dir + ".aside"
	if err := os.Rename(dir, aside); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	mount(t, dir, megabytes)
	if err := os.CopyFS(dir, os.DirFS(aside)); err != nil {
		t.Fatal(err)
	}
	owner := was.Sys().(*syscall.Stat_t)
	err = filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mode := os.FileMode(0o600)
		if entry.IsDir() {
			mode = 0o700
		}
		return errors.Join(os.Chown(path, int(owner.Uid), int(owner.Gid)), os.Chmod(path, mode))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(aside); err != nil {
		t.Fatal(err)
	}
}
