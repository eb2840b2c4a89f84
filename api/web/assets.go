package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed assets
var files embed.FS

// assetPath is where the sheet, the script and the picture live; their names
// carry a fingerprint, so a browser keeps them for good.
const assetPath = "/aset/"

type asset struct {
	mediaType   string
	plain, gzip []byte
}

// assets maps fingerprinted names to files, and plain names to fingerprinted ones.
type assets struct {
	byName map[string]asset
	urls   map[string]string
}

func loadAssets() (assets, error) {
	a := assets{map[string]asset{}, map[string]string{}}
	entries, err := fs.ReadDir(files, "assets")
	if err != nil {
		return a, fmt.Errorf("list assets: %w", err)
	}
	for _, e := range entries {
		plain, err := files.ReadFile("assets/" + e.Name())
		if err != nil {
			return a, fmt.Errorf("read asset: %w", err)
		}
		var small bytes.Buffer
		z, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
		if err != nil {
			return a, err
		}
		if _, err := z.Write(plain); err != nil {
			return a, err
		}
		if err := z.Close(); err != nil {
			return a, err
		}
		sum := sha256.Sum256(plain)
		ext := path.Ext(e.Name())
		name := strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.byName[name] = asset{mime.TypeByExtension(ext), plain, small.Bytes()}
		a.urls[e.Name()] = assetPath + name
	}
	return a, nil
}

func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.byName[strings.TrimPrefix(r.URL.Path, assetPath)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.mediaType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Vary", "Accept-Encoding")
	body := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		body = f.gzip
	}
	_, _ = w.Write(body) // the browser has gone: nothing is left to say
}
