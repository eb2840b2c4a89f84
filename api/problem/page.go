package problem

import (
	"html/template"
	"net/http"
	"regexp"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/domain"
)

// Page is where the pages about problems are, each under its slug.
const Page = "/masalah/"

// slugs are short words; anything else in the address is no page of ours.
var slugs = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

const maxSlugBytes = 64

// page is plain on purpose: a link from a log or an answer must open anywhere.
var page = template.Must(template.New("problem").Parse(`<!doctype html>
<html lang="{{.Language}}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Slug}} - Jejak</title><link rel="stylesheet" href="/api.css"></head>
<body><main>
<h1><code>{{.Slug}}</code></h1>
<p>{{.Sentence}}</p>
<p><a href="/api">API</a> · <a href="?lang={{.Other}}" hreflang="{{.Other}}" lang="{{.Other}}">{{.OtherName}}</a></p>
</main></body></html>
`))

// ServePage explains one slug to a person.
func ServePage(slug func(*http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := slug(r)
		if len(name) > maxSlugBytes || !slugs.MatchString(name) {
			Write(w, r, domain.Missing("route-unknown", "no such problem"))
			return
		}
		language := caller.LanguageOf(r.Context())
		view := struct{ Slug, Sentence, Language, Other, OtherName string }{
			name, explain(r.Context(), &domain.Error{Slug: name}), string(language), "en", "English"}
		if language == caller.English {
			view.Other, view.OtherName = "id", "Bahasa Indonesia"
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = page.Execute(w, view) // the caller has gone: nothing is left to say
	}
}
