package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// axe-core judges how usable a page is for people with disabilities. Its licence
// is not ours, so tests fetch it and hold it to the sum of the release we know.
const (
	axeRelease = "axe-core@4.14.1"
	axeArchive = "axe-core-4.14.1.tgz"
	axeSum     = "14d8a6f3f085afd126b8b5ca1e42e50e17fb1d99"
)

// axe gives the source of axe-core.
func axe(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(cache, "jejak-test", axeArchive)
	packed, err := os.ReadFile(file)
	if err != nil || !known(packed) {
		if packed, err = fetchAxe(t.TempDir(), file); err != nil {
			lacking(t, fmt.Sprintf("%s could not be fetched: %v", axeRelease, err))
		}
	}
	if !known(packed) {
		t.Fatalf("%s is not the release we know", file)
	}
	source, err := unpack(packed, "package/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func known(packed []byte) bool {
	sum := sha1.Sum(packed) // what npm publishes for this release
	return hex.EncodeToString(sum[:]) == axeSum
}

func fetchAxe(scratch, file string) ([]byte, error) {
	cmd := exec.Command("npm", "pack", "--silent", axeRelease)
	cmd.Dir = scratch
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	packed, err := os.ReadFile(filepath.Join(scratch, axeArchive))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return nil, err
	}
	return packed, os.WriteFile(file, packed, 0o644)
}

func unpack(packed []byte, name string) (string, error) {
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", err
	}
	for files := tar.NewReader(plain); ; {
		head, err := files.Next()
		if errors.Is(err, io.EOF) {
			return "", fmt.Errorf("%s holds no %s", axeArchive, name)
		}
		if err != nil {
			return "", err
		}
		if head.Name == name {
			source, err := io.ReadAll(files)
			return string(source), err
		}
	}
}

// judge lets axe look at the page as it is now; rules narrows what it looks at.
func (b *tab) judge(rules ...string) []string {
	b.Helper()
	if !ask[bool](b, `"axe" in window`) {
		ask[bool](b, b.c.axe+`;true`)
	}
	only := ""
	if len(rules) > 0 {
		only = `, runOnly: {type: "rule", values: ["` + strings.Join(rules, `","`) + `"]}`
	}
	return ask[[]string](b, `axe.run(document, {resultTypes: ["violations"], preload: false`+only+`}).then(r => r.violations.map(v =>
		"axe " + v.id + " (" + v.impact + "): " + v.nodes.slice(0, 4).map(n => n.target.join(" ") + " " + n.any.map(a => a.message).slice(0, 1)).join(" | ")))`)
}
