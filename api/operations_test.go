package api_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jejak-kinerja/jejak/api"
)

// operations lists every operation of the document, by path.
func operations(t *testing.T) []*huma.Operation {
	t.Helper()
	document := api.Document(api.Deps{})
	var list []*huma.Operation
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		item := document.Paths[path]
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post} {
			if op != nil {
				op.Method, op.Path = method, path
				list = append(list, op)
			}
		}
		if item.Put != nil || item.Patch != nil || item.Delete != nil {
			t.Errorf("%s: facts are posted; nothing is put, patched or deleted", path)
		}
	}
	return list
}

func header(op *huma.Operation, name string) bool {
	return slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In == "header" && p.Name == name && p.Required })
}

// unmatched are POSTs on something that is there which need no If-Match: they add a
// word and undo nothing.
var unmatched = []string{"read-feedback", "reply-to-feedback", "dispute-feedback", "publish-policy"}

func TestEveryPostNeedsAKeyAndEveryDecisionARevision(t *testing.T) {
	for _, op := range operations(t) {
		nested := strings.Contains(op.Path, "}") && !slices.Contains(unmatched, op.OperationID)
		if got := header(op, "Idempotency-Key"); got != (op.Method == http.MethodPost) {
			t.Errorf("%s: Idempotency-Key needed: %v", op.OperationID, got)
		}
		if got := header(op, "If-Match"); got != (op.Method == http.MethodPost && nested) {
			t.Errorf("%s: If-Match needed: %v", op.OperationID, got)
		}
	}
}

func TestEveryOperationIsExplained(t *testing.T) {
	for _, op := range operations(t) {
		if op.Summary == "" || len(op.Tags) != 1 || op.Responses["default"] == nil {
			t.Errorf("%s has no summary, noun or error", op.OperationID)
		}
	}
}
