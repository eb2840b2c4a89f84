package main

import (
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var measuring = flag.Bool("measure", false, "measure instead of testing")

// measureOnly skips unless measuring was asked for, and says how busy the machine is.
func measureOnly(t *testing.T) {
	t.Helper()
	if !*measuring {
		t.Skip("a measurement, not a test: make measure")
	}
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		t.Logf("the machine's load is not known: %v", err)
		return
	}
	t.Logf("load of the machine before: %s", strings.Join(strings.Fields(string(load))[:3], " "))
}

// quantile of a sorted list; 0 <= q < 1.
func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[int(q*float64(len(sorted)))]
}

// syncs is how many writes the anchor of latency takes.
const syncs = 400

// syncTime is the anchor of everything durable: a page appended and synced, p50.
func syncTime(t *testing.T) time.Duration {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "anchor"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var took []time.Duration
	for page := make([]byte, 8192); len(took) < syncs; {
		begin := time.Now()
		if _, err := file.Write(page); err != nil {
			t.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	return quantile(took, 0.5)
}

// fetch gets what a browser gets, compressed where the server compresses, and
// gives the body with the bytes that were on the way.
func fetch(ctx context.Context, url string) (body string, weight int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", 0, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer resp.Body.Close()
	sent, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	if err != nil || resp.Header.Get("Content-Encoding") != "gzip" {
		return string(sent), len(sent), err
	}
	plain, err := gzip.NewReader(strings.NewReader(string(sent)))
	if err != nil {
		return "", 0, err
	}
	text, err := io.ReadAll(plain)
	return string(text), len(sent), err
}

// firstPage starts the product and gives the time until its first page is whole.
func firstPage(t *testing.T, dir string) (*product, time.Duration) {
	t.Helper()
	begin := time.Now()
	p := serve(t, dir, "--demo", "--people", "24")
	eventually(t, "first page", startLimit, func() error {
		page, _, err := fetch(t.Context(), p.url+"/")
		if err == nil && !strings.Contains(page, "</html>") {
			err = fmt.Errorf("no whole page, only %d bytes", len(page))
		}
		return err
	})
	return p, time.Since(begin)
}

func TestMeasureStartToFirstPage(t *testing.T) {
	measureOnly(t)
	binary(t) // built before the clock starts
	dir := stateDir(t)
	p, first := firstPage(t, dir)
	p.seeded()
	p.stop()
	_, second := firstPage(t, dir)
	t.Logf("start to first page: %v on an empty state directory (goal <= 90 s), %v on the second start (goal <= 10 s); fsync p50 %v",
		first.Round(time.Millisecond), second.Round(time.Millisecond), syncTime(t))
}

var asset = regexp.MustCompile(`(?:href|src)="(/[^"]+\.(?:css|js|woff2|svg)[^"]*)"`)

func TestMeasureWeightOfTheFirstPage(t *testing.T) {
	measureOnly(t)
	p := serve(t, stateDir(t), "--demo", "--people", "24")
	p.seeded()
	page, total, err := fetch(t.Context(), p.url+"/")
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, link := range asset.FindAllStringSubmatch(page, -1) {
		if slices.Contains(parts, link[1]) {
			continue
		}
		_, weight, err := fetch(t.Context(), p.url+link[1])
		if err != nil {
			t.Fatal(err)
		}
		parts, total = append(parts, link[1]), total+weight
	}
	t.Logf("first page with %d assets: %.1f kB on the way (goal <= 60 kB)", len(parts), float64(total)/1000)
}
