package web_test

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
)

// pages is every page, as somebody who uses it sees it.
func (s *story) pages() map[string]shot {
	pages := map[string]shot{
		"city-public":    {"", "/"},
		"city":           {ismail, "/kota"},
		"login":          {"", "/masuk"},
		"menu":           {rahmi, "/menu"},
		"menu-public":    {"", "/menu"},
		"home-employee":  {rahmi, "/"},
		"home-superior":  {teuku, "/"},
		"home-head":      {cut, "/"},
		"home-keeper":    {fitri, "/"},
		"home-inspector": {hasan, "/"},
		"home-leader":    {ismail, "/"},
		"inbox":          {teuku, "/menunggu"},
		"inbox-empty":    {nora, "/menunggu"},
		"team":           {teuku, "/tim"},
		"team-none":      {rahmi, "/tim"},
		"report-form":    {rahmi, "/lapor"},
		"report-asked":   {rahmi, "/laporan/" + string(s.asked)},
		"report-mended":  {teuku, "/laporan/" + string(s.corrected)},
		"line":           {rahmi, "/atasan-salah"},
		"feedback-list":  {rahmi, "/umpan-balik"},
		"feedback-given": {teuku, "/umpan-balik?oleh=saya"},
		"feedback-none":  {nora, "/umpan-balik"},
		"feedback-give":  {teuku, "/umpan-balik/baru?kepada=rahmi&laporan=" + string(s.report)},
		"feedback-new":   {rahmi, "/umpan-balik/baru"},
		"feedback":       {rahmi, "/umpan-balik/" + string(s.feedback)},
		"receipt":        {rahmi, "/tercatat/progress-" + string(s.report)},
	}
	maps.Copy(pages, s.planPages())
	maps.Copy(pages, s.recordPages())
	return pages
}

// withQuery adds a parameter to an address.
func withQuery(path, query string) string {
	if strings.Contains(path, "?") {
		return path + "&" + query
	}
	return path + "?" + query
}

var (
	ids    = regexp.MustCompile(` id="([^"]+)"`)
	refs   = regexp.MustCompile(` (?:for|aria-labelledby|aria-describedby)="([^"]+)"`)
	links  = regexp.MustCompile(`(?:href|src|action)="([^"]*)"`)
	inline = regexp.MustCompile(`(?i) style=| on[a-z]+=|<style|<script>|javascript:`)
)

func TestEveryPageIsWholeInBothLanguages(t *testing.T) {
	s := newStory(t)
	browsers := map[domain.PersonID]browser{}
	for name, p := range s.pages() {
		if _, ok := browsers[p.as]; !ok {
			browsers[p.as] = s.browser(p.as)
		}
		for _, lang := range []string{"id", "en"} {
			if strings.Contains(p.path, "lang=") {
				continue // a picture of its own
			}
			page := browsers[p.as].get(withQuery(p.path, "lang="+lang))
			if !strings.Contains(page, `<html lang="`+lang+`"`) || strings.Count(page, "<h1") != 1 {
				t.Errorf("%s in %s: wrong language, or not one heading", name, lang)
			}
			for _, bad := range []string{"⟦", "%!", "<nil>"} {
				if i := strings.Index(page, bad); i >= 0 {
					t.Errorf("%s in %s holds %q: %s", name, lang, bad, page[max(0, i-60):min(len(page), i+60)])
				}
			}
			if bad := inline.FindString(page); bad != "" {
				t.Errorf("%s in %s holds %q, which the content policy forbids", name, lang, bad)
			}
			wellTied(t, name, page)
		}
	}
}

// wellTied checks that ids are unique, that what is referred to is there, and
// that nothing leads to another site.
func wellTied(t *testing.T, name, page string) {
	t.Helper()
	known := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(page, -1) {
		if known[m[1]] {
			t.Errorf("%s has the id %q twice", name, m[1])
		}
		known[m[1]] = true
	}
	for _, m := range refs.FindAllStringSubmatch(page, -1) {
		for ref := range strings.FieldsSeq(m[1]) {
			if !known[ref] {
				t.Errorf("%s refers to %q, which is not there", name, ref)
			}
		}
	}
	for _, m := range links.FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "/") && !strings.HasPrefix(m[1], "#") && !strings.HasPrefix(m[1], "?") {
			t.Errorf("%s leads to %q", name, m[1])
		}
	}
}

func TestEveryLinkOfEveryPageLeadsSomewhere(t *testing.T) {
	s := newStory(t)
	followed := map[string]bool{}
	for name, p := range s.pages() {
		b := s.browser(p.as)
		for _, m := range regexp.MustCompile(`<a [^>]*href="([^"#]+)`).FindAllStringSubmatch(b.get(p.path), -1) {
			to := strings.ReplaceAll(m[1], "&amp;", "&")
			if followed[string(p.as)+to] {
				continue
			}
			followed[string(p.as)+to] = true
			wider := strings.HasPrefix(to, "/jejak?") && strings.HasPrefix(name, "trail-") // a filter taken away may show more than one may see
			if status, body := b.fetch(to); status != http.StatusOK && !(wider && status == http.StatusForbidden) {
				t.Errorf("%s: %s gives %d\n%s", name, to, status, excerpt(body)[:200])
			}
		}
	}
	if len(followed) < 200 {
		t.Errorf("only %d links: the search is broken", len(followed))
	}
}
