package main

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// With a lax umask the socket was open to everybody for a moment.
func TestTheProductsSocketIsNeverOpenToOthers(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	path := filepath.Join(t.TempDir(), "s")
	var done atomic.Bool
	var looking sync.WaitGroup
	looking.Go(func() {
		for !done.Load() {
			if found, err := os.Lstat(path); err == nil && found.Mode().Perm()&0o077 != 0 {
				t.Errorf("it has the mode %s", found.Mode())
				return
			}
		}
	})
	for range 500 {
		l, err := listenAlone(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	done.Store(true)
	looking.Wait()
}
