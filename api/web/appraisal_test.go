package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
)

func domainPerson(id string) domain.PersonID { return domain.PersonID(id) }

// sevenValues rates every value the same.
func sevenValues(v url.Values, rating string) url.Values {
	for _, value := range domain.Values {
		v.Set(string(value), rating)
	}
	return v
}

func TestAnAppraisalIsOpenedRatedDeliveredReceivedAndChangedOnItsPages(t *testing.T) {
	s := newStory(t)
	judge, person, upper := s.browser(teuku), s.browser(rahmi), s.browser(cut)

	form := fields(t, judge.get("/evaluasi/baru?orang=rahmi"), "/evaluasi/baru", "")
	status, page, at := judge.post("/evaluasi/baru", fill(form, "plan", string(s.plan), "from", "2026-08-01", "until", "2026-10-31"))
	if status != http.StatusOK || !strings.HasPrefix(at.Path, "/evaluasi/") {
		t.Fatalf("opening gave %d at %s\n%s", status, at, excerpt(page))
	}
	here := at.Path
	first := fields(t, page, here+"/realisasi", `value="rahmi-r1"`)
	if len(first["reports"]) == 0 || first.Get("quantity") == "" {
		t.Errorf("the form is not filled with the period's reports: %v", first)
	}
	_, page, _ = judge.post(here+"/realisasi", first)
	holds(t, page, "Bertumpu pada")

	second := fields(t, page, here+"/realisasi", `value="rahmi-r2"`)
	status, page, _ = judge.post(here+"/realisasi", second)
	if status != http.StatusBadRequest {
		t.Errorf("a realisation without evidence gave %d", status)
	}
	holds(t, page, "data-problems", `href="#f-realisasi-rahmi-r2-reports"`, `id="f-realisasi-rahmi-r2-reports"`)
	_, page, _ = judge.post(here+"/realisasi", fill(fields(t, page, here+"/realisasi", `value="rahmi-r2"`), "no_evidence", "Dikerjakan tim lain."))
	holds(t, page, "Dikerjakan tim lain.")

	_, page, _ = judge.post(here+"/hasil", fill(fields(t, page, here+"/hasil", ""), "rating", "di-atas", "note", "Jauh melampaui target."))
	holds(t, page, `data-held="di-atas"`, "Jauh melampaui target.")
	incomplete := sevenValues(fields(t, page, here+"/perilaku", ""), "sesuai")
	incomplete.Del("loyal")
	status, page, _ = judge.post(here+"/perilaku", fill(incomplete, "rating", "sesuai", "note", "Tenang di lapangan."))
	if status != http.StatusBadRequest {
		t.Errorf("six of seven values gave %d", status)
	}
	holds(t, page, `href="#f-perilaku-loyal"`, "Tenang di lapangan.")
	_, page, _ = judge.post(here+"/perilaku", fill(sevenValues(fields(t, page, here+"/perilaku", ""), "sesuai"), "rating", "sesuai"))
	holds(t, page, `data-held="sesuai"`, `class="predicate"`, ">Baik<")

	_, page, _ = judge.post(here+"/ubah", fill(fields(t, page, here+"/ubah", `value="perilaku-kerja"`), "new", "di-atas", "reason", "Bukti baru dari gampong."))
	holds(t, page, "sesuai ekspektasi → di atas ekspektasi", "Bukti baru dari gampong.", ">Sangat baik<", "pejabat penilai")

	_, page, _ = judge.post(here+"/sampaikan", fields(t, page, here+"/sampaikan", ""))
	holds(t, page, "Disampaikan")
	if strings.Contains(page, here+"/ubah") {
		t.Error("after delivery the appraiser still finds the form to change a rating")
	}
	page = person.get(here)
	_, page, _ = person.post(here+"/terima", fields(t, page, here+"/terima", ""))
	holds(t, page, "Diterima")

	page = upper.get(here)
	_, page, _ = upper.post(here+"/ubah", fill(fields(t, page, here+"/ubah", `value="hasil-kerja"`), "new", "sesuai", "reason", "Keberatan rekan dikabulkan.", "reference", "KB-7"))
	holds(t, page, "atasan pejabat penilai", "KB-7", ">Baik<")
}

func TestOnlyTheDirectSuperiorBeginsAnAppraisal(t *testing.T) {
	s := newStory(t)
	for who, want := range map[string]int{"teuku": 200, "cut": 403, "rahmi": 403, "staf-1": 403} {
		if status, _ := s.browser(domainPerson(who)).fetch("/evaluasi/baru?orang=rahmi"); status != want {
			t.Errorf("%s opens the form with %d, want %d", who, status, want)
		}
	}
}

func TestPlanAndAppraisalPagesSpeakBothLanguagesAndHoldNothingInline(t *testing.T) {
	s := newStory(t)
	for name, p := range s.planPages() {
		for _, lang := range []string{"id", "en"} {
			path := p.path + "?lang=" + lang
			if strings.Contains(p.path, "?") {
				path = p.path + "&lang=" + lang
			}
			page := s.browser(p.as).get(path)
			holds(t, page, `lang="`+lang+`"`)
			for _, bad := range []string{"⟦", " style=", "<style", "<script>", "onclick=", "%!"} {
				if strings.Contains(page, bad) {
					i := strings.Index(page, bad)
					t.Errorf("%s in %s holds %q: %s", name, lang, bad, page[max(0, i-60):min(len(page), i+60)])
				}
			}
		}
	}
}

// judging opens an appraisal that nobody has rated yet.
func (s *story) judging() domain.AppraisalID {
	id := s.must(s.office.OpenAppraisal(s.Context(), s.ask(teuku), commands.OpenAppraisal{Person: rahmi, Plan: s.plan, Kind: appraisal.Periodic,
		Span: domain.Span{From: "2026-08-01", Until: "2026-11-20"}}))
	if err := s.await(s.Context(), 0); err != nil {
		s.Fatal(err)
	}
	return domain.AppraisalID(id)
}

// planPages is every page of plans and appraisals, as somebody who uses it sees it.
func (s *story) planPages() map[string]shot {
	return map[string]shot{
		"plan-list-staff":      {rahmi, "/skp"},
		"plan-list-superior":   {teuku, "/skp"},
		"plan-list-none":       {"staf-4", "/skp"},
		"plan-own":             {rahmi, "/skp/" + string(s.plan)},
		"plan-to-sign":         {teuku, "/skp/" + string(s.draft)},
		"plan-writing":         {"staf-1", "/skp/" + string(s.draft)},
		"plan-leader":          {cut, "/skp/" + string(s.superior.Plan)},
		"plan-version":         {rahmi, "/skp/" + string(s.plan) + "/versi/1"},
		"plan-english":         {"staf-1", "/skp/" + string(s.draft) + "?lang=en"},
		"appraisal-list":       {teuku, "/evaluasi"},
		"appraisal-new":        {teuku, "/evaluasi/baru?orang=rahmi"},
		"appraisal-rated":      {teuku, "/evaluasi/" + string(s.appraisal)},
		"appraisal-as-person":  {rahmi, "/evaluasi/" + string(s.appraisal)},
		"appraisal-being-done": {teuku, "/evaluasi/" + string(s.judging())},
	}
}
