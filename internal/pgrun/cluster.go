package pgrun

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// superuser is the cluster's only account; the program connects as it.
const superuser = "jejak"

// newPrefix marks a cluster that initdb has not finished.
const newPrefix = "data.new-"

const (
	// An initdb whose parent was killed may write on for some seconds.
	removeTries = 50
	removePause = 200 * time.Millisecond
)

func removeUnfinished(ctx context.Context, dir string) (err error) {
	for range removeTries {
		if err = os.RemoveAll(dir); !errors.Is(err, syscall.ENOTEMPTY) {
			return err
		}
		select {
		case <-time.After(removePause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}

// makeCluster runs initdb beside the final place and renames: a data directory
// is there as a whole or not at all, wherever we were killed.
func makeCluster(ctx context.Context, l layout, o owner, bindir string, noSync bool) (err error) {
	leftovers, err := filepath.Glob(filepath.Join(string(l), newPrefix+"*"))
	if err != nil {
		return fmt.Errorf("look for unfinished clusters: %w", err)
	}
	for _, dir := range leftovers {
		if err := removeUnfinished(ctx, dir); err != nil {
			return fmt.Errorf("remove an unfinished cluster: %w", err)
		}
	}
	if err := writePassword(l, o); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(string(l), newPrefix)
	if err != nil {
		return fmt.Errorf("make the cluster: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	if err := o.own(dir); err != nil {
		return err
	}
	args := []string{
		"--pgdata=" + dir,
		"--username=" + superuser,
		"--pwfile=" + l.password(),
		"--auth=scram-sha-256",
		"--encoding=UTF8",
		"--locale=C.UTF-8", // the same order on every machine, so an index survives a move
		"--data-checksums", // a rotten page is an error, not an answer
	}
	if noSync {
		args = append(args, "--no-sync")
	}
	if err := initdb(ctx, o, dir, bindir, args); err != nil {
		return err
	}
	if err := os.Rename(dir, l.data()); err != nil {
		return fmt.Errorf("make the cluster: %w", err)
	}
	return syncDir(string(l))
}

func initdb(ctx context.Context, o owner, dir, bindir string, args []string) error {
	cmd := command(o, dir, bindir, "initdb", args...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	started, ended := make(chan error, 1), make(chan error, 1)
	go func() { ended <- hold(cmd, started) }()
	if err := <-started; err != nil {
		<-ended
		return fmt.Errorf("run initdb: %w", err)
	}
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("run initdb: %w: %s", err, lastLines(said.Bytes()))
		}
		return nil
	case <-ctx.Done():
		// Its children are in its group, and hold the pipe that Wait drains.
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
		return errors.Join(fmt.Errorf("run initdb: %w", context.Cause(ctx)), err)
	}
}

// writePassword keeps a password that a killed first start left behind.
func writePassword(l layout, o owner) error {
	if text, err := os.ReadFile(l.password()); err == nil && len(text) > 0 {
		return nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the database password: %w", err)
	}
	file, err := os.OpenFile(l.password(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the database password: %w", err)
	}
	_, err = file.WriteString(rand.Text() + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write the database password: %w", err)
	}
	return o.own(l.password()) // initdb reads it, under the server's account
}

func readPassword(l layout) (string, error) {
	text, err := os.ReadFile(l.password())
	if err != nil {
		return "", fmt.Errorf("read the database password (restore it from a backup of %s): %w", l, err)
	}
	password := strings.TrimSpace(string(text))
	if password == "" {
		return "", fmt.Errorf("the database password in %s is empty: restore it from a backup", l.password())
	}
	return password, nil
}

// syncDir makes a rename in dir survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync the state directory: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync the state directory: %w", err)
	}
	return nil
}
