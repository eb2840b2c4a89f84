package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/feed"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/domain"
)

// serveDocument gives the OpenAPI document, as 3.1 or made into 3.0 for tools
// that know no other. It is written once.
func serveDocument(document *huma.OpenAPI, old bool) http.HandlerFunc {
	written := sync.OnceValues(func() ([]byte, error) { return WriteDocument(document, old) })
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := written()
		if err != nil {
			problem.Write(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(body) // the reader has gone: nothing is left to say
	}
}

// WriteDocument writes the OpenAPI document as indented JSON, the same bytes each time.
func WriteDocument(document *huma.OpenAPI, old bool) ([]byte, error) {
	raw, err := document.MarshalJSON()
	if old {
		raw, err = document.Downgrade()
	}
	if err != nil {
		return nil, err
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, err
	}
	body, err := json.MarshalIndent(tree, "", "  ")
	return append(body, '\n'), err
}

// serveSchema gives the JSON Schema of an event's body, where the feed's
// dataschema leads.
func (d Deps) serveSchema() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutSuffix(chi.URLParam(r, "file"), ".json")
		var t reflect.Type
		if ok && d.V1.Catalog != nil {
			t, ok = d.V1.Catalog.TypeOf(name)
		}
		if !ok || t == nil {
			problem.Write(w, r, domain.Missing("event-name-unknown", "no such event"))
			return
		}
		body, err := schemaOf(name, t)
		if err != nil {
			problem.Write(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/schema+json")
		_, _ = w.Write(body) // the reader has gone: nothing is left to say
	}
}

func schemaOf(name string, t reflect.Type) ([]byte, error) {
	registry := huma.NewMapRegistry("#/$defs/", huma.DefaultSchemaNamer)
	schema := registry.Schema(t, false, "")
	raw, err := json.Marshal(schema)
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, err
	}
	tree["$schema"], tree["$id"], tree["title"] = "https://json-schema.org/draft/2020-12/schema", feed.SchemaPath+name+".json", name
	if defs := registry.Map(); len(defs) > 0 {
		tree["$defs"] = defs
	}
	body, err := json.MarshalIndent(tree, "", "  ")
	return append(body, '\n'), err
}
