package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jejak-kinerja/jejak/api"
)

// exampleOf writes a value that a schema takes: every required member, the first of a
// choice, the shortest text, the least number.
func exampleOf(doc *huma.OpenAPI, s *huma.Schema) any {
	if s.Ref != "" {
		s = doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == huma.TypeObject:
		members := map[string]any{}
		for _, name := range s.Required {
			members[name] = exampleOf(doc, s.Properties[name])
		}
		return members
	case s.Type == huma.TypeArray:
		items := []any{}
		for range deref(s.MinItems) {
			items = append(items, exampleOf(doc, s.Items))
		}
		return items
	case s.Type == huma.TypeInteger, s.Type == huma.TypeNumber:
		if s.Minimum != nil {
			return *s.Minimum
		}
		return 1
	case s.Type == huma.TypeBoolean:
		return true
	case s.Pattern != "": // the only one is a NIP's
		return "198501012010010001"
	case s.Format == "date":
		return "2026-11-20"
	case s.Format == "date-time":
		return "2026-11-20T02:00:00Z"
	}
	return strings.Repeat("1", max(deref(s.MinLength), 1))
}

func deref(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// TestEveryCommandOfTheAPIAsksToComeBackWhileTheStoreIsFrozen sends a well-formed
// request to every POST of the API's own document.
func TestEveryCommandOfTheAPIAsksToComeBackWhileTheStoreIsFrozen(t *testing.T) {
	o := newOutage(t)
	b := o.browser(ismail)
	document := api.Document(api.Deps{})
	sent := 0
	for path, item := range document.Paths {
		if item.Post == nil {
			continue
		}
		sent++
		body := map[string]any{}
		if r := item.Post.RequestBody; r != nil {
			body, _ = exampleOf(document, r.Content["application/json"].Schema).(map[string]any)
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.base+o.fill(path), strings.NewReader(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {fmt.Sprintf("frozen-%04d", sent)}, "If-Match": {`"1"`}}
		o.store.asked()
		res, err := b.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		status, answer := read(t, res)
		if calls := o.store.asked(); len(calls) > 0 {
			t.Errorf("POST %s asks the event store: %v", path, calls)
		}
		if status != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || !strings.Contains(answer, `"code":"event-store-away"`) {
			t.Errorf("POST %s with %s says %d %s", path, text, status, answer)
		}
	}
	if sent < 30 {
		t.Errorf("only %d commands were sent", sent)
	}
}
