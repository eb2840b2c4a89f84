package backup

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// ErrBusy says that another process works on the same directory.
var ErrBusy = errors.New("another backup is being written to this directory")

// Open reads the manifest of a finished backup. The error is fs.ErrNotExist when
// there is none, a Damage when it is not as it was written.
func Open(dir string) (*Backup, error) {
	m, err := readManifest(dir, manifestName)
	if isMissing(err) {
		if _, other := os.Stat(filepath.Join(dir, unfinishedName)); other == nil {
			return nil, fmt.Errorf("the backup in %s was broken off and never finished: run jejak backup again: %w", dir, err)
		}
		return nil, fmt.Errorf("there is no backup in %s: %w", dir, err)
	}
	if err != nil {
		return nil, err
	}
	return &Backup{Manifest: m, dir: dir}, nil
}

// Backup is a finished backup.
type Backup struct {
	Manifest
	// Torn are the streams of which events are missing, with how many are there: the
	// log had been cut when it was backed up. A restore leaves them out, since nobody
	// may decide on a part of a stream. Set by CheckEvents.
	Torn map[string]int
	dir  string
}

// Check reads every file and compares it with the manifest: the bytes, and the
// events within. report is told the files done and all.
func (b *Backup) Check(ctx context.Context, report func(done, total int)) error {
	files := b.files()
	for n, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		report(n, len(files))
		if filepath.Base(f.Name) != f.Name {
			return damaged(manifestName, "it names a file outside of its directory: %q", f.Name)
		}
		if err := f.check(b.dir); err != nil {
			return err
		}
	}
	report(len(files), len(files))
	return nil
}

// Read gives every event in order. It fails with a Damage when the events are not
// those that the manifest names.
func (b *Backup) Read() iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		var d Digest
		var head Cursor
		for _, s := range b.Segments {
			for e, err := range s.read(b.dir) {
				if err == nil && !head.before(Cursor{e.Position, e.Prepare}) {
					err = damaged(s.Name, "it does not follow the file before it")
				}
				if !yield(e, err) || err != nil {
					return
				}
				d, head = d.Add(e), Cursor{e.Position, e.Prepare}
			}
			if d.String() != s.Digest {
				yield(Event{}, damaged(s.Name, "its events are not those that were backed up"))
				return
			}
		}
		if n := len(b.Segments); n > 0 && b.Segments[n-1].Digest != b.Digest {
			yield(Event{}, damaged(manifestName, "its digest is not that of its last file"))
		}
	}
}

// KeyContent gives the content of a key file.
func (b *Backup) KeyContent(purpose string) (content []byte, ok bool, err error) {
	for _, k := range b.Keys {
		if k.Purpose == purpose {
			content, err = os.ReadFile(filepath.Join(b.dir, k.Name))
			return content, err == nil, err
		}
	}
	return nil, false, nil
}

// ours are the names that this package gives.
var ours = regexp.MustCompile(`^(events-[0-9]+(-[0-9]+\.jsonl\.gz)?|table-[a-z_.]+-[0-9a-f]+\.copy\.gz|key-[a-z]+-[0-9a-f]+\.bin|manifest\.json|unfinished\.json)(\.partial)?$`)

// sweep removes what no manifest names: former tables and keys, files that were
// broken off. Files that are not ours stay.
func sweep(dir string, keep Manifest) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look through the backup: %w", err)
	}
	named := []string{manifestName}
	for _, f := range keep.files() {
		named = append(named, f.Name)
	}
	var errs []error
	for _, e := range entries {
		if ours.MatchString(e.Name()) && !slices.Contains(named, e.Name()) {
			errs = append(errs, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(append(errs, syncDir(dir))...)
}

// lock keeps the directory for one writer until the process ends or unlock.
func lock(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the backup's directory: %w", err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the backup's directory: %w", err)
	}
	err = syscall.Flock(int(d.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrBusy
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), d.Close())
	}
	return d.Close, nil
}

// foreign refuses a directory that holds something else than a backup.
func foreign(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look through the backup: %w", err)
	}
	for _, e := range entries {
		if !ours.MatchString(e.Name()) && !strings.HasPrefix(e.Name(), ".") {
			return fmt.Errorf("%s holds %s, which belongs to no backup: give an empty directory, or one with a backup", dir, e.Name())
		}
	}
	return nil
}
