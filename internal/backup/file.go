package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// partialSuffix marks a file that is still being written.
const partialSuffix = ".partial"

// newFile is a file that takes its name when it is whole and durable.
type newFile struct {
	*os.File
	dir  string
	hash hash.Hash
	size int64
}

func createFile(dir, name string) (*newFile, error) {
	f, err := os.OpenFile(filepath.Join(dir, name+partialSuffix), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write the backup: %w", err)
	}
	return &newFile{File: f, dir: dir, hash: sha256.New()}, nil
}

// Write writes and sums up.
func (f *newFile) Write(p []byte) (int, error) {
	n, err := f.File.Write(p)
	f.hash.Write(p[:n])
	f.size += int64(n)
	return n, err
}

// keep gives the file its name.
func (f *newFile) keep(name string) (File, error) {
	err := errors.Join(f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(f.dir, name))
	}
	if err == nil {
		err = syncDir(f.dir)
	}
	if err != nil {
		return File{}, fmt.Errorf("write %s: %w", name, err)
	}
	return File{name, f.size, hex.EncodeToString(f.hash.Sum(nil))}, nil
}

// drop removes a file that will not be needed.
func (f *newFile) drop() error { return errors.Join(f.Close(), os.Remove(f.Name())) }

// writeFile writes a small file, at once or not at all.
func writeFile(dir, name string, fill func(*bytes.Buffer) error) (File, error) {
	var content bytes.Buffer
	if err := fill(&content); err != nil {
		return File{}, err
	}
	f, err := createFile(dir, name)
	if err != nil {
		return File{}, err
	}
	if _, err := f.Write(content.Bytes()); err != nil {
		return File{}, errors.Join(fmt.Errorf("write %s: %w", name, err), f.drop())
	}
	return f.keep(name)
}

// syncDir makes new names in a directory survive a power cut.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// check compares a file with what the manifest says of it.
func (f File) check(dir string) error {
	file, err := os.Open(filepath.Join(dir, f.Name))
	if isMissing(err) {
		return damaged(f.Name, "it is missing")
	}
	if err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("read %s: %w", f.Name, err)
	}
	if n != f.Bytes {
		return damaged(f.Name, "it has %d bytes, not %d", n, f.Bytes)
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return damaged(f.Name, "its content was changed")
	}
	return nil
}
