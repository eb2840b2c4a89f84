package web_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
)

func TestAUnitShowsAsMuchAsTheOnlookerAnswersFor(t *testing.T) {
	s := newStory(t)
	const silent, staff, waiting = "Tanpa umpan balik 30 hari", "Maulida Putri", "menunggu Teuku Ramadhan"
	for as, want := range map[domain.PersonID][3]bool{
		"": {}, rahmi: {false, true, false}, nora: {true, true, false}, cut: {true, true, true}, fitri: {true, true, true}, hasan: {true, true, true},
	} {
		page := s.browser(as).get("/unit/dispar")
		got := [3]bool{strings.Contains(page, silent), strings.Contains(page, staff), strings.Contains(page, waiting)}
		if got != want {
			t.Errorf("as %q: %v, want %v", as, got, want)
		}
	}
}

func TestTheFiguresOfAUnitCountTheirFacts(t *testing.T) {
	s := newStory(t)
	b := s.browser(cut)
	figures := regexp.MustCompile(`<a class="big" href="([^"]+)">([\d.]+)</a>`).FindAllStringSubmatch(b.get("/unit/dispar"), -1)
	if len(figures) < 2 {
		t.Fatalf("%d figures", len(figures))
	}
	for _, f := range figures {
		count := tally.FindStringSubmatch(b.get(strings.ReplaceAll(f[1], "&amp;", "&")))
		if count == nil || count[1] != f[2] {
			t.Errorf("%s: the figure is %s, the facts are %v", f[1], f[2], count)
		}
	}
}

func TestTheHeadOfTheUnitAboveSeesTheUnitBelow(t *testing.T) {
	s := newStory(t)
	if page := s.browser(cut).get("/unit/dispar-promosi"); !strings.Contains(page, "Laporan menunggu jawaban") {
		t.Error("the head of the agency does not see its section")
	}
	if status, _ := s.browser(cut).fetch("/unit/none"); status != 404 {
		t.Errorf("an unknown unit answers %d", status)
	}
}
