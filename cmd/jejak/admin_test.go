package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// readiness is what /readyz answers.
type readiness struct {
	Status string                   `json:"status"`
	Checks map[string]health.Result `json:"checks"`
}

// answerOf gives the status of an address, and its JSON when there is any.
func answerOf(t *testing.T, host, url string, into any) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if into != nil {
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
	return resp.StatusCode
}

// TestOperatorsHaveAnAddressOfTheirOwn looks at a product that runs on the
// database and the event store of another one, which is then killed.
func TestOperatorsHaveAnAddressOfTheirOwn(t *testing.T) {
	dir, store, admin := stateDir(t), freeAddress(t), freeAddress(t)
	hub := serve(t, dir, "--node-listen", store)
	hub.ready()
	if status := answerOf(t, "", hub.url+"/metrics", nil); status != http.StatusOK {
		t.Errorf("without an address for operators the metrics answer %d", status)
	}
	database, err := pgrun.Attach(dir, databaseName)
	if err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(dir, "key.json")
	p := serve(t, stateDir(t), "--admin-listen", admin, "--database-url", database, "--eventstore-url", "esdb://"+store+"?tls=false", "--key-file", key, "--secret-file", filepath.Join(dir, "secret"))
	p.ready()
	for path, want := range map[string]int{"/metrics": 200, "/healthz": 200, "/readyz": 200, "/version": 200,
		"/debug/pprof/goroutine?debug=1": 200, "/debug/pprof/cmdline": 200, "/v1/me": 404} {
		if status := answerOf(t, "", "http://"+admin+path, nil); status != want {
			t.Errorf("operators get %d from %s", status, path)
		}
	}
	if status := answerOf(t, "attacker.example:80", "http://"+admin+"/debug/pprof/heap", nil); status != http.StatusForbidden {
		t.Errorf("a page under a foreign name gets %d from the heap", status)
	}
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/heap"} {
		if status := answerOf(t, "", p.url+path, nil); status != http.StatusNotFound {
			t.Errorf("the public gets %d from %s", status, path)
		}
	}
	if sum(p.scrape("http://"+admin), "jejak_build_info{") != 1 {
		t.Error("operators get no metrics")
	}
	var v release
	if answerOf(t, "", p.url+"/version", &v); v.Version == "" || v.Go != runtime.Version() || v.Platform == "" {
		t.Errorf("the version is %+v", v)
	}
	var printed release
	if err := json.Unmarshal([]byte(command(t, dir, "version", "--json")), &printed); err != nil || printed != v {
		t.Errorf("printed %+v (%v), answered %+v", printed, err, v)
	}

	var well readiness
	answerOf(t, "", p.url+"/readyz", &well)
	names := []string{"database", "eventstore", "vault", "vault-key", "disk", "lease", "outsiders", "parked", "serving"}
	if len(well.Checks) != len(names)+readModels || well.Status != "ok" {
		t.Errorf("%+v", well)
	}
	for _, name := range append(names, "projection:inbox_v1") {
		if c, there := well.Checks[name]; !there || c.Status == "failed" || c.Since.IsZero() {
			t.Errorf("check %s: %+v", name, c)
		}
	}
	if err := os.Rename(key, key+".away"); err != nil {
		t.Fatal(err)
	}
	var keyless readiness
	if status := answerOf(t, "", "http://"+admin+"/readyz", &keyless); status != http.StatusOK || keyless.Checks["vault-key"].Status != "failed" || keyless.Checks["vault-key"].Do == "" {
		t.Errorf("without its key file: %d %+v", status, keyless.Checks["vault-key"])
	}
	hub.kill()
	eventually(t, "notice that database and store are gone", 30*time.Second, func() error {
		var broken readiness
		status := answerOf(t, "", p.url+"/readyz", &broken)
		for _, name := range []string{"database", "eventstore", "vault"} {
			if c := broken.Checks[name]; c.Status != "failed" || c.Do == "" {
				return fmt.Errorf("%s: %+v", name, c)
			}
		}
		if status != http.StatusServiceUnavailable || broken.Status != "failed" {
			return fmt.Errorf("status %d", status)
		}
		return nil
	})
}
