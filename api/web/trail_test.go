package web_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
)

func TestTheRecordShowsInBothLanguages(t *testing.T) {
	s := newStory(t)
	browsers := map[domain.PersonID]browser{}
	for name, p := range s.recordPages() {
		if _, ok := browsers[p.as]; !ok {
			browsers[p.as] = s.browser(p.as)
		}
		joint := "?"
		if strings.Contains(p.path, "?") {
			joint = "&"
		}
		for _, lang := range []string{"id", "en"} {
			page := browsers[p.as].get(p.path + joint + "lang=" + lang)
			for _, bad := range []string{"⟦", " style=", "<style", "<script>", "onclick", "%!"} {
				if strings.Contains(page, bad) {
					t.Errorf("%s (%s) holds %q", name, lang, bad)
				}
			}
			if !strings.Contains(page, `<html lang="`+lang+`"`) || strings.Count(page, "<h1") != 1 {
				t.Errorf("%s (%s): language or heading is wrong", name, lang)
			}
		}
	}
}

func TestWhoMayReadTheTrail(t *testing.T) {
	s := newStory(t)
	plan, report := "/jejak/aliran/plan-"+string(s.plan), s.factOf("progress-"+string(s.corrected), 1)
	for _, c := range []struct {
		as   domain.PersonID
		path string
		want int
	}{
		{hasan, "/jejak", 200}, {hasan, "/jejak?subject=rahmi", 200}, {hasan, "/jejak?actor=teuku&category=appraisal", 200},
		{rahmi, "/jejak", 200}, {rahmi, "/jejak?subject=rahmi", 200}, {rahmi, plan, 200}, {rahmi, report, 200},
		{teuku, "/jejak?subject=rahmi", 200}, {teuku, plan, 200}, {teuku, report, 200}, {teuku, report + "/json", 200},
		{cut, "/jejak?unit=dispar", 200}, {cut, "/jejak?unit=dispar-promosi", 200}, {cut, "/jejak?unit=setda", 403}, {cut, "/jejak?plan=" + string(s.plan), 200},
		{"staf-1", "/jejak?subject=rahmi", 403}, {"staf-1", "/jejak?actor=rahmi", 403}, {"staf-1", "/jejak?unit=dispar", 403},
		{"staf-1", "/jejak?plan=" + string(s.plan), 403}, {"staf-1", plan, 403}, {"staf-1", report, 403}, {"staf-1", report + "/json", 403},
		{"staf-1", "/jejak?category=appraisal", 403}, {"staf-1", "/jejak?name=progress.reported.v1&command=x", 403},
		{"staf-1", "/jejak?name=progress.reported.v1", 200}, {"staf-1", "/jejak?category=indicator", 200},
		{rahmi, "/jejak?nip=198501012010010004", 403}, {hasan, "/jejak?nip=000000000000000000", 404},
		{hasan, "/jejak/999999", 404}, {hasan, "/jejak/aliran/plan-none", 404}, {hasan, "/jejak?day_from=kemarin", 400},
	} {
		if got, page := s.browser(c.as).fetch(c.path); got != c.want {
			t.Errorf("%s as %s: %d, want %d\n%s", c.path, c.as, got, c.want, excerpt(page)[:200])
		}
	}
	public := s.browser("")
	for _, path := range []string{"/jejak", "/jejak?subject=rahmi", plan, report, "/jejak?name=progress.reported.v1"} {
		if page := public.get(path); !strings.Contains(page, `action="/masuk"`) {
			t.Errorf("the public was shown %s", path)
		}
	}
	public.get("/jejak?category=indicator")
	public.get("/jejak/aliran/unit-dispar")
}

func TestOnesOwnTrailIsTheStart(t *testing.T) {
	s := newStory(t)
	page := s.browser(rahmi).get("/jejak")
	if !strings.Contains(page, "Anda melihat fakta tentang diri Anda") || strings.Contains(ledgerOf(page), "Agus Salim") {
		t.Error("the trail of others shows")
	}
	refused, _ := s.browser("staf-1").fetch("/jejak?subject=rahmi")
	_, page = s.browser("staf-1").fetch("/jejak?subject=rahmi")
	if refused != http.StatusForbidden || !strings.Contains(page, "Yang membacanya: ia sendiri") {
		t.Error("the refusal does not say who may read")
	}
}

func TestAFigureHidesWhoIsNotOpen(t *testing.T) {
	s := newStory(t)
	page := s.browser(rahmi).get("/jejak?name=progress.reported.v1&slot=report&unit=dispar&day_from=2026-11-01&day_until=2026-11-23")
	table := ledgerOf(page)
	if !strings.Contains(table, "Orangnya tidak terbuka") || !strings.Contains(table, "Rahmi Safitri") {
		t.Error("open and hidden facts are not both there")
	}
	for _, hidden := range []string{"Agus Salim", "Fauzan", "staf-"} {
		if strings.Contains(table, hidden) {
			t.Errorf("the table names %s", hidden)
		}
	}
}

var (
	rowLink  = regexp.MustCompile(`class="what"><a href="(/jejak/\d+)"`)
	nextLink = regexp.MustCompile(`href="([^"]+)" rel="next"`)
	tally    = regexp.MustCompile(`<strong>([\d.]+) fakta</strong>`)
)

func TestEveryPageOfTheTrailFollowsTheLast(t *testing.T) {
	s := newStory(t)
	b := s.browser(hasan)
	var seen []string
	path := "/jejak?subject=rahmi&urut=lama"
	page := b.get(path)
	count := tally.FindStringSubmatch(page)
	for {
		for _, m := range rowLink.FindAllStringSubmatch(page, -1) {
			seen = append(seen, m[1])
		}
		next := nextLink.FindStringSubmatch(page)
		if next == nil {
			break
		}
		page = b.get(strings.ReplaceAll(next[1], "&amp;", "&"))
	}
	all := len(seen)
	slices.Sort(seen)
	if unique := len(slices.Compact(seen)); count == nil || unique != all || fmt.Sprint(all) != count[1] || all < 60 {
		t.Errorf("%d rows, %d of them different, count %v", all, unique, count)
	}
}

func TestTheRecordAsOfADayLeavesOutWhatCameLater(t *testing.T) {
	s := newStory(t)
	b := s.browser(hasan)
	page := b.get("/jejak?subject=rahmi&category=plan&as_of=2026-01-04")
	if !strings.Contains(page, "Tidak ada fakta yang cocok") || !strings.Contains(page, "Anda melihat catatan sampai 4 Januari 2026") {
		t.Error("the banner or the emptiness is missing")
	}
	then, now := tally.FindStringSubmatch(b.get("/jejak?subject=rahmi&as_of=2026-10-01")), tally.FindStringSubmatch(b.get("/jejak?subject=rahmi"))
	if then == nil || now == nil || then[1] == now[1] {
		t.Errorf("%v facts then, %v now", then, now)
	}
}

func TestTheFilterFormLeadsToATidyAddress(t *testing.T) {
	s := newStory(t)
	b := s.browser(hasan)
	res, err := b.Get(b.base + "/jejak?category=plan&name=&unit=&subject=&nip=198501012010010004&day_from=&urut=")
	if err != nil {
		t.Fatal(err)
	}
	status, page := read(t, res)
	if status != 200 || res.Request.URL.RawQuery != "category=plan&subject=rahmi" || !strings.Contains(page, "orang: Rahmi Safitri") {
		t.Errorf("%d at %s", status, res.Request.URL)
	}
}

func TestAFactShowsWhatItChangedAndItsDigest(t *testing.T) {
	s := newStory(t)
	b := s.browser(rahmi)
	path := s.factOf("appraisal-"+string(s.appraisal), -2)
	page := b.get(path)
	for _, want := range []string{"Teuku Ramadhan mengubah nilai", "Kolaborasi dengan gampong", "Perilaku kerja", "sesuai ekspektasi", "di atas ekspektasi",
		"atasan langsung", "appraisal.score-changed.v1", `rel="prev"`, `rel="next"`, "data demo"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	sum := sha256.Sum256([]byte(b.get(path + "/json")))
	if !strings.Contains(page, hex.EncodeToString(sum[:])) {
		t.Error("the digest is not that of the body")
	}
}

// ledgerOf cuts out the table of facts.
func ledgerOf(page string) string {
	_, rest, _ := strings.Cut(page, `<table class="ledger"`)
	table, _, _ := strings.Cut(rest, "</table>")
	return table
}
