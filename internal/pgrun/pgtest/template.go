package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// templateEdition goes up when pgrun makes clusters in another way, so that no
// test runs on an old template left in the temporary directory.
const templateEdition = 1

// template is the state directory of a stopped cluster, made by the first test
// process on this machine for this PostgreSQL and this account; the others wait.
func template(ctx context.Context) (dir string, err error) {
	_, major, err := pgrun.FindPrograms()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(os.TempDir(), fmt.Sprintf("jejak-pg%d-%d-%d", major, templateEdition, os.Geteuid()))
	lock, err := os.OpenFile(dir+".lock", os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", fmt.Errorf("wait for the template cluster: %w", err)
	}
	switch info, err := os.Lstat(dir); {
	case err == nil && info.Sys().(*syscall.Stat_t).Uid != uint32(os.Geteuid()):
		return "", fmt.Errorf("%s belongs to somebody else", dir) // the temporary directory is everybody's
	case !errors.Is(err, fs.ErrNotExist):
		return dir, err
	}
	making, err := newDir()
	if err != nil {
		return "", err
	}
	server, err := pgrun.Start(ctx, pgrun.Options{Dir: making, NoSync: true, Settings: settings()})
	if err != nil {
		return "", errors.Join(fmt.Errorf("make the template cluster: %w", err), os.RemoveAll(making))
	}
	if err := server.Stop(ctx); err != nil {
		return "", errors.Join(fmt.Errorf("make the template cluster: %w", err), os.RemoveAll(making))
	}
	return dir, os.Rename(making, dir)
}

// newDir makes a directory that the server's account can walk through.
func newDir() (string, error) {
	dir, err := os.MkdirTemp("", "jejak-pg-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

// fromTemplate is a new state directory with a cluster that has never been used.
func fromTemplate(ctx context.Context) (string, error) {
	from, err := template(ctx)
	if err != nil {
		return "", err
	}
	to, err := newDir()
	if err != nil {
		return "", err
	}
	if err := copyTree(from, to); err != nil {
		return "", errors.Join(fmt.Errorf("copy the template cluster: %w", err), os.RemoveAll(to))
	}
	return to, nil
}

// copyTree copies directories and plain files with their modes and owners.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == from {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		switch {
		case entry.IsDir():
			err = os.Mkdir(target, info.Mode().Perm())
		case entry.Type().IsRegular():
			err = copyFile(path, target, info.Mode().Perm())
		default:
			err = fmt.Errorf("%s is neither a file nor a directory", path)
		}
		if err != nil || os.Geteuid() != 0 {
			return err
		}
		owner := info.Sys().(*syscall.Stat_t)
		return os.Lchown(target, int(owner.Uid), int(owner.Gid))
	})
}

func copyFile(from, to string, mode fs.FileMode) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return errors.Join(err, source.Close())
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close(), source.Close())
}
