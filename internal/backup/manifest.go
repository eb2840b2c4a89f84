package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	// format and formatVersion mark a manifest; a reader refuses any other.
	format        = "jejak-backup"
	formatVersion = 1

	manifestName   = "manifest.json"
	unfinishedName = "unfinished.json"

	// maxManifestBytes: a segment takes some 300 bytes of it, so this is for a
	// billion events.
	maxManifestBytes = 64 << 20
)

// Manifest says what belongs to a backup.
type Manifest struct {
	Format  string    `json:"format"`
	Version int       `json:"version"`
	Program string    `json:"program"` // that made it
	Made    time.Time `json:"made"`
	// Whole: the log's positions count its events from 1 without gaps, the store's
	// own included, as the embedded node gives them. Then they can be given again.
	// Otherwise only the ledger's events are here.
	Whole    bool      `json:"whole"`
	Events   int       `json:"events"`
	Ledger   int       `json:"ledger_events"` // without the store's own
	Digest   string    `json:"digest"`        // see Digest
	Segments []Segment `json:"segments"`
	Tables   []Table   `json:"tables,omitempty"`
	KEK      string    `json:"kek,omitempty"` // fingerprint of the key that the vault is locked with
	Keys     []KeyFile `json:"key_files,omitempty"`
	// Fingerprint is the SHA-256 of the manifest without it.
	Fingerprint string `json:"fingerprint,omitempty"`
}

// File is one file of a backup.
type File struct {
	Name   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Segment is a file of events.
type Segment struct {
	File
	First       uint64 `json:"first_position"`
	Last        uint64 `json:"last_position"`
	LastPrepare uint64 `json:"last_prepare"`
	LastID      string `json:"last_id"`
	Events      int    `json:"events"`
	Ledger      int    `json:"ledger_events"`
	Digest      string `json:"digest"` // after its last event
}

// Table is a file with the rows of a table.
type Table struct {
	File
	Table   string   `json:"table"` // schema.name
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
}

// KeyFile is a copy of a file that opens what is locked.
type KeyFile struct {
	File
	Purpose string `json:"purpose"`
}

// Head is the place of the last event, zero for none.
func (m Manifest) Head() Cursor {
	if len(m.Segments) == 0 {
		return Cursor{}
	}
	last := m.Segments[len(m.Segments)-1]
	return Cursor{last.Last, last.LastPrepare}
}

// Cursor is the place of an event in its log.
type Cursor struct{ Commit, Prepare uint64 }

// files lists every file of the backup, without the manifest.
func (m Manifest) files() []File {
	var files []File
	for _, s := range m.Segments {
		files = append(files, s.File)
	}
	for _, t := range m.Tables {
		files = append(files, t.File)
	}
	for _, k := range m.Keys {
		files = append(files, k.File)
	}
	return files
}

// sum is the fingerprint that the manifest must have.
func (m Manifest) sum() (string, error) {
	m.Fingerprint = ""
	text, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("sum up the manifest: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// write puts the manifest in place, at once or not at all.
func (m *Manifest) write(dir, name string) (err error) {
	m.Format, m.Version = format, formatVersion
	if m.Fingerprint, err = m.sum(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = writeFile(dir, name, func(w *bytes.Buffer) error { _, err := w.Write(append(text, '\n')); return err })
	return err
}

// readManifest reads a manifest; fs.ErrNotExist when there is none.
func readManifest(dir, name string) (Manifest, error) {
	path := filepath.Join(dir, name)
	about, err := os.Stat(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("read the backup: %w", err)
	}
	if about.Size() > maxManifestBytes {
		return Manifest{}, damaged(name, "it is larger than a manifest can be")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("read the backup: %w", err)
	}
	var m Manifest
	decode := json.NewDecoder(bytes.NewReader(text))
	decode.DisallowUnknownFields()
	err = decode.Decode(&m)
	if m.Format == format && m.Version > formatVersion {
		return Manifest{}, fmt.Errorf("%s has version %d of the format, this program reads version %d: use a newer program", name, m.Version, formatVersion)
	}
	if _, rest := decode.Token(); err != nil || m.Format != format || !errors.Is(rest, io.EOF) {
		return Manifest{}, damaged(name, "it is no manifest of a backup")
	}
	want, err := m.sum()
	if err != nil {
		return Manifest{}, err
	}
	if want != m.Fingerprint {
		return Manifest{}, damaged(name, "it was changed: its fingerprint does not fit")
	}
	return m, nil
}

// Damage says which file of a backup is not as it was written.
type Damage struct{ File, What string }

func (d *Damage) Error() string {
	return fmt.Sprintf("the backup is damaged: %s: %s. Nothing is restored from it: take another copy of that file, or another backup", d.File, d.What)
}

func damaged(file, what string, args ...any) error {
	return &Damage{file, fmt.Sprintf(what, args...)}
}

// isMissing says that a file is not there.
func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
