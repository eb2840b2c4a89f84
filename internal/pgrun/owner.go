package pgrun

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// owner is the account the server runs under: our own, or, as PostgreSQL refuses
// root, another one when we are root.
type owner struct {
	uid, gid uint32
	switched bool
}

// clusterOwner keeps the account that owns an existing cluster; a new one goes
// to postgres, or to nobody where that account does not exist.
func clusterOwner(data string) (owner, error) {
	if os.Geteuid() != 0 {
		return owner{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, nil
	}
	switch info, err := os.Stat(data); {
	case err == nil:
		stat := info.Sys().(*syscall.Stat_t)
		if stat.Uid == 0 {
			return owner{}, fmt.Errorf("%s belongs to root, and PostgreSQL refuses to run as root: chown -R postgres: %[1]s", data)
		}
		return owner{uid: stat.Uid, gid: stat.Gid, switched: true}, nil
	case !errors.Is(err, fs.ErrNotExist):
		return owner{}, fmt.Errorf("look at the cluster: %w", err)
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue // the next account; having none at all is reported below
		}
		uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return owner{}, fmt.Errorf("read account %s: %w", name, err)
		}
		return owner{uid: uint32(uid), gid: uint32(gid), switched: true}, nil
	}
	return owner{}, errors.New("PostgreSQL refuses to run as root, and there is no account postgres or nobody: useradd --system postgres")
}

// credential switches the account, and clears the groups with it: root's
// groups must not follow. Nil when nothing is switched, for only root may.
func (o owner) credential() *syscall.Credential {
	if !o.switched {
		return nil
	}
	return &syscall.Credential{Uid: o.uid, Gid: o.gid}
}

// passable is the mode of directories that the server only walks through.
func (o owner) passable() fs.FileMode {
	if o.switched {
		return 0o711
	}
	return 0o700
}

// own gives path to the server.
func (o owner) own(path string) error {
	if !o.switched {
		return nil
	}
	if err := os.Lchown(path, int(o.uid), int(o.gid)); err != nil {
		return fmt.Errorf("give the server its files: %w", err)
	}
	return nil
}

// reaches fails with the directory that keeps the server out of dir: a state
// directory below /root (0700) is the usual one, and initdb's own words for it
// name neither the directory nor the cure.
func (o owner) reaches(dir string) error {
	if !o.switched {
		return nil
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return fmt.Errorf("follow the state directory: %w", err)
	}
	for at := real; ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err != nil {
			return fmt.Errorf("follow the state directory: %w", err)
		}
		stat, bit := info.Sys().(*syscall.Stat_t), fs.FileMode(0o001)
		switch {
		case stat.Uid == o.uid:
			bit = 0o100
		case stat.Gid == o.gid:
			bit = 0o010
		}
		if info.Mode()&bit == 0 {
			return fmt.Errorf("the database server (uid %d) cannot enter %s (mode %04o): choose another state directory, as /var/lib/jejak, or chmod o+x %[2]s",
				o.uid, at, info.Mode().Perm())
		}
		if at == filepath.Dir(at) {
			return nil
		}
	}
}
