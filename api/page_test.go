package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/api"
)

var links = regexp.MustCompile(`(?:href|src|action)="([^"]*)"`)

func TestTheAPIPageAsksNothingOfOthersAndRunsNothing(t *testing.T) {
	server := httptest.NewServer(api.Router(api.Deps{}))
	t.Cleanup(server.Close)
	for _, path := range []string{"/api", "/api?lang=en", "/masalah/plan-not-draft"} {
		res, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		page := string(body)
		for _, m := range links.FindAllStringSubmatch(page, -1) {
			if !strings.HasPrefix(m[1], "/") && !strings.HasPrefix(m[1], "#") && !strings.HasPrefix(m[1], "?") {
				t.Errorf("%s leads to %s", path, m[1])
			}
		}
		if strings.Contains(page, "<script") || strings.Contains(page, "style=") || strings.Contains(page, "onclick") {
			t.Errorf("%s holds script or style", path)
		}
		if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
	}
}

func TestEveryOperationIsOnTheAPIPage(t *testing.T) {
	w := httptest.NewRecorder()
	api.Router(api.Deps{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api", nil))
	for _, op := range operations(t) {
		if !strings.Contains(w.Body.String(), `id="`+op.OperationID+`"`) {
			t.Errorf("%s is missing", op.OperationID)
		}
	}
}

func TestAPanicIsA500WithoutDetail(t *testing.T) {
	c := newTown(t)
	deps := c.deps
	deps.V1.Texts = nil // whoever asks for texts falls over it
	broken := httptest.NewServer(api.Router(deps))
	t.Cleanup(broken.Close)
	c.server = broken
	record := c.record()
	status, body := c.try(http.MethodGet, record.fill("/v1/reports/{report}"), "", "employee")
	if status != http.StatusInternalServerError || !strings.Contains(body, `"code":"internal"`) || strings.Contains(body, "goroutine") {
		t.Errorf("%d %s", status, body)
	}
}

func TestATextWhoseKeyIsDestroyedIsSaidToBeGone(t *testing.T) {
	c := newTown(t)
	record := c.record()
	c.vault.forget()
	status, body := c.try(http.MethodGet, record.fill("/v1/reports/{report}"), "", "employee")
	if status != http.StatusOK || !strings.Contains(body, `"gone":true`) {
		t.Errorf("%d %s", status, body)
	}
}
