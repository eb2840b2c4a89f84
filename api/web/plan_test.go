package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// fields reads the hidden fields and the present values of the form that posts to
// an action; of several, the one that holds the marker.
func fields(t *testing.T, page, action, marker string) url.Values {
	t.Helper()
	for _, form := range regexp.MustCompile(`(?s)<form[^>]*>.*?</form>`).FindAllString(page, -1) {
		if !strings.Contains(form, `action="`+action+`"`) || !strings.Contains(form, marker) {
			continue
		}
		v := url.Values{}
		for _, in := range regexp.MustCompile(`<input[^>]*>`).FindAllString(form, -1) {
			name, kind := attribute(in, "name"), attribute(in, "type")
			if name == "" || (kind == "radio" || kind == "checkbox") && !strings.Contains(in, " checked") {
				continue
			}
			v.Add(name, attribute(in, "value"))
		}
		return v
	}
	t.Fatalf("no form posts to %s\n%s", action, excerpt(page))
	return nil
}

func attribute(tag, name string) string {
	m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return m[1]
}

// fill sets fields of a form: name and value in turn.
func fill(v url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func holds(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not hold %q\n%s", text, excerpt(page))
		}
	}
}

func TestAPlanIsOpenedWrittenSubmittedReturnedAndSignedOnItsPages(t *testing.T) {
	s := newStory(t)
	staff, appraiser := s.browser("staf-2"), s.browser(teuku)

	status, page, at := staff.post("/skp", fields(t, staff.get("/skp"), "/skp", ""))
	if status != http.StatusOK || !strings.HasPrefix(at.Path, "/skp/") {
		t.Fatalf("opening a plan gave %d at %s", status, at)
	}
	here := at.Path
	holds(t, page, "Belum ada hasil kerja", "Tercatat.")

	added := fill(fields(t, page, here+"/tambah-hasil", ""), "wording", "Meningkatnya kebersihan\r\npantai Iboih", "kind", "utama",
		"serves", string(s.superior.Plan)+"/"+string(s.superior.Result), "indicator", "Jumlah pantai yang bersih", "aspect", "kuantitas", "target", "12,5", "measure", "lokasi")
	status, page, _ = staff.post(here+"/tambah-hasil", added)
	if status != http.StatusOK {
		t.Fatalf("adding a result gave %d\n%s", status, excerpt(page))
	}
	holds(t, page, "Meningkatnya kebersihan pantai Iboih", "12,5 lokasi", "Meningkatnya kunjungan wisatawan")
	if _, again, _ := staff.post(here+"/tambah-hasil", added); strings.Count(again, `<h3>Meningkatnya kebersihan pantai Iboih`) != 1 {
		t.Error("the same form sent twice made two results")
	}

	page = staff.get(here)
	_, page, _ = staff.post(here+"/ekspektasi", fill(fields(t, page, here+"/ekspektasi", ""), "kolaboratif", "Mengajak gampong"))
	holds(t, page, "Mengajak gampong")
	status, page, _ = staff.post(here+"/ajukan", fields(t, page, here+"/ajukan", ""))
	if status != http.StatusOK {
		t.Fatalf("submitting gave %d", status)
	}
	holds(t, page, "Menunggu tanda tangan pejabat penilai")

	page = appraiser.get(here)
	stale := fields(t, page, here+"/tandatangani", "")
	_, page, _ = appraiser.post(here+"/kembalikan", fill(fields(t, page, here+"/kembalikan", ""), "reason", "Targetnya terlalu rendah."))
	holds(t, page, "Targetnya terlalu rendah.", "Dikembalikan")

	page = staff.get(here)
	_, page, _ = staff.post(here+"/ukuran", fill(fields(t, page, here+"/ukuran", `name="key"`), "wording", "Jumlah pantai yang bersih", "aspect", "kuantitas", "target", "15"))
	holds(t, page, "15 lokasi")
	staff.post(here+"/ajukan", fields(t, page, here+"/ajukan", ""))

	status, page, _ = appraiser.post(here+"/tandatangani", stale)
	if status == http.StatusOK || !strings.Contains(page, "data-problems") {
		t.Fatalf("signing what is no longer there gave %d", status)
	}
	status, page, _ = appraiser.post(here+"/tandatangani", fields(t, page, here+"/tandatangani", ""))
	if status != http.StatusOK {
		t.Fatalf("signing what is there gave %d", status)
	}
	holds(t, page, "Ditetapkan", "Versi 1", here+"/versi/1")
	holds(t, staff.get(here+"/versi/1"), "15 lokasi", "Mengajak gampong", "Ditandatangani pejabat penilai")

	page = staff.get(here)
	_, page, _ = staff.post(here+"/cabut", fill(fields(t, page, here+"/cabut", ""), "reason", "Tugas baru."))
	holds(t, page, "Tugas baru.", "Versi 1 tetap berlaku")
}

func TestARefusedResultShowsWhyAndKeepsWhatWasTyped(t *testing.T) {
	s := newStory(t)
	staff := s.browser("staf-1")
	here := "/skp/" + string(s.draft)
	typed := fill(fields(t, staff.get(here), here+"/tambah-hasil", ""), "wording", "Tersusunnya peta pantai", "kind", "tambahan",
		"indicator", "Jumlah peta", "aspect", "waktu", "target", "dua", "measure", "peta")
	status, page, _ := staff.post(here+"/tambah-hasil", typed)
	if status != http.StatusBadRequest {
		t.Errorf("a target that is no number gave %d", status)
	}
	holds(t, page, "data-problems", `href="#f-tambah-hasil-target"`, `id="f-tambah-hasil-target"`, "Tersusunnya peta pantai", `value="dua"`, `value="peta"`, typed.Get("kunci"))

	status, page, _ = staff.post(here+"/tambah-hasil", fill(fields(t, page, here+"/tambah-hasil", ""), "wording", "Tersusunnya peta pantai",
		"kind", "tambahan", "indicator", "", "target", "2", "aspect", "waktu"))
	if status != http.StatusBadRequest {
		t.Errorf("an indicator without words gave %d", status)
	}
	holds(t, page, `href="#f-tambah-hasil-indicator"`)
}

func TestAFormChangedAfterItWasTakenIsRefusedOnceAndThenTaken(t *testing.T) {
	s := newStory(t)
	staff := s.browser("staf-1")
	here := "/skp/" + string(s.draft)
	form := fill(fields(t, staff.get(here), here+"/tambah-hasil", ""), "wording", "Tersusunnya peta pantai", "kind", "tambahan")
	staff.post(here+"/tambah-hasil", form)
	status, page, _ := staff.post(here+"/tambah-hasil", fill(form, "wording", "Tersusunnya peta terumbu"))
	if status != http.StatusUnprocessableEntity {
		t.Errorf("the same key with other words gave %d", status)
	}
	holds(t, page, "Tersusunnya peta terumbu")
	status, page, _ = staff.post(here+"/tambah-hasil", fill(fields(t, page, here+"/tambah-hasil", ""), "wording", "Tersusunnya peta terumbu", "kind", "tambahan"))
	if status != http.StatusOK {
		t.Errorf("sending it again gave %d", status)
	}
	holds(t, page, "<h3>Tersusunnya peta pantai", "<h3>Tersusunnya peta terumbu")
}

func TestOnlyThoseWhoMaySeeAPersonSeeThePlan(t *testing.T) {
	s := newStory(t)
	for who, want := range map[string]int{"rahmi": 200, "teuku": 200, "cut": 200, "hasan": 200, "staf-1": 403} {
		if status, _ := s.browser(domainPerson(who)).fetch("/skp/" + string(s.plan)); status != want {
			t.Errorf("%s sees the plan of rahmi with %d, want %d", who, status, want)
		}
	}
	if status, _ := s.browser(rahmi).fetch("/skp/tidak-ada"); status != http.StatusNotFound {
		t.Errorf("an unknown plan gives %d", status)
	}
}

func TestThePlanPageShowsTheDigestThatIsSigned(t *testing.T) {
	s := newStory(t)
	p, _, err := commands.State(t.Context(), s.store, plan.Decider, string(s.plan))
	if err != nil {
		t.Fatal(err)
	}
	holds(t, s.browser(rahmi).get("/skp/"+string(s.plan)), p.Established)
}
