package api

import (
	_ "embed"
	"html/template"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jejak-kinerja/jejak/api/caller"
)

//go:embed api.css
var style []byte

//go:embed api.html
var layout string

var apiPage = template.Must(template.New("api").Parse(layout))

func serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write(style) // the reader has gone: nothing is left to say
}

// noun is one section of the page.
type noun struct {
	Name       string
	Operations []entry
}

// entry is one operation of the page.
type entry struct {
	Method string
	Path   string
	*huma.Operation
	Body string
}

// servePage shows the document to people: plain HTML, nothing asked from elsewhere.
func servePage(document *huma.OpenAPI) http.HandlerFunc {
	nouns := sections(document)
	return func(w http.ResponseWriter, r *http.Request) {
		view := struct {
			Language, About, Version string
			English                  bool
			Nouns                    []noun
		}{string(caller.LanguageOf(r.Context())), document.Info.Description, document.Info.Version,
			caller.LanguageOf(r.Context()) == caller.English, nouns}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = apiPage.Execute(w, view) // the reader has gone: nothing is left to say
	}
}

// sections groups the operations by noun, in the order of their paths.
func sections(document *huma.OpenAPI) []noun {
	var nouns []noun
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		item := document.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post} {
			if op == nil {
				continue
			}
			i := slices.IndexFunc(nouns, func(n noun) bool { return n.Name == op.Tags[0] })
			if i < 0 {
				nouns = append(nouns, noun{Name: op.Tags[0]})
				i = len(nouns) - 1
			}
			nouns[i].Operations = append(nouns[i].Operations, entry{Method: op.Method, Path: path, Operation: op, Body: bodyOf(document, op)})
		}
	}
	return nouns
}

// bodyOf writes the schema of a request's body.
func bodyOf(document *huma.OpenAPI, op *huma.Operation) string {
	if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
		return ""
	}
	schema := op.RequestBody.Content["application/json"].Schema
	if schema.Ref != "" {
		schema = document.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	return fields(document, schema)
}
