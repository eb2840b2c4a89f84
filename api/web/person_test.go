package web_test

import (
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
)

func TestAPersonIsShownAsFarAsTheOnlookerMaySee(t *testing.T) {
	s := newStory(t)
	for as, full := range map[domain.PersonID]bool{"": false, "staf-1": false, nora: false, rahmi: true, teuku: true, cut: true, fitri: true, hasan: true} {
		page := s.browser(as).get("/pegawai/rahmi")
		if !strings.Contains(page, "Analis Promosi Wisata") {
			t.Errorf("as %q: the post is missing", as)
		}
		for _, inside := range []string{"Evaluasi kinerja periodik", "198501012010010004", "Menyusun materi promosi", "Pengelola gampong merasa didengar"} {
			if strings.Contains(page, inside) != full {
				t.Errorf("as %q: %q shows: %v, want %v", as, inside, !full, full)
			}
		}
		if strings.Contains(page, `href="/atasan-salah"`) != (as == rahmi) {
			t.Errorf("as %q: the way to call the superior wrong", as)
		}
	}
	if status, _ := s.browser(hasan).fetch("/pegawai/nobody"); status != 404 {
		t.Errorf("an unknown person answers %d", status)
	}
}

func TestATimelineIsFilteredAndPaged(t *testing.T) {
	s := newStory(t)
	b := s.browser(teuku)
	if page := b.get("/pegawai/rahmi/linimasa?tentang=feedback"); !strings.Contains(page, "memberi umpan balik") || strings.Contains(page, "menilai hasil kerja") {
		t.Error("the filter takes the wrong facts")
	}
	pages, path := 0, "/pegawai/rahmi/linimasa"
	for path != "" && pages < 20 {
		page := b.get(path)
		pages++
		path = ""
		if next := nextLink.FindStringSubmatch(page); next != nil {
			path = strings.ReplaceAll(next[1], "&amp;", "&")
		}
	}
	if pages < 3 || pages == 20 {
		t.Errorf("%d pages", pages)
	}
	for _, c := range []struct {
		as   domain.PersonID
		path string
		want int
	}{{"staf-1", "/pegawai/rahmi/linimasa", 403}, {teuku, "/pegawai/rahmi/linimasa?tentang=apa", 400}, {teuku, "/pegawai/nobody/linimasa", 404}} {
		if status, _ := s.browser(c.as).fetch(c.path); status != c.want {
			t.Errorf("%s as %s: %d, want %d", c.path, c.as, status, c.want)
		}
	}
}

func TestCallingTheSuperiorWrongShowsOnThePage(t *testing.T) {
	s := newStory(t)
	b := s.browser(rahmi)
	page := b.get("/atasan-salah")
	_, rest, _ := strings.Cut(page, `name="kunci" value="`)
	key, _, _ := strings.Cut(rest, `"`)
	status, _, at := b.post("/atasan-salah", map[string][]string{"kunci": {key}, "note": {"Atasan saya kini Kepala Seksi."}})
	if status != 200 {
		t.Fatalf("%d at %s", status, at)
	}
	if page := b.get("/pegawai/rahmi"); !strings.Contains(page, "Atasan dinyatakan salah") {
		t.Error("the page does not show it")
	}
}
