package web_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// The people of the story, all invented. Rahmi works under Teuku in tourism, he
// under Cut, who heads it; Fitri keeps personnel data, Hasan inspects, Nora keeps
// the indicators, Ismail is the city's secretary.
const (
	rahmi  domain.PersonID = "rahmi"
	teuku  domain.PersonID = "teuku"
	cut    domain.PersonID = "cut"
	fitri  domain.PersonID = "fitri"
	hasan  domain.PersonID = "hasan"
	nora   domain.PersonID = "nora"
	ismail domain.PersonID = "ismail"
)

// story is a city with a year's work in it, and what came of it.
type story struct {
	*town
	keys      int
	superior  plan.Serves
	plan      domain.PlanID
	result    domain.ResultID
	report    domain.ReportID
	asked     domain.ReportID
	corrected domain.ReportID
	feedback  domain.FeedbackID
	appraisal domain.AppraisalID
	draft     domain.PlanID
}

func (s *story) ask(who domain.PersonID) commands.Ask {
	s.keys++
	a := commands.Ask{Key: domain.CommandID(fmt.Sprintf("story-%05d", s.keys)), Actor: who, Source: domain.FromDemo}
	if who == "" {
		a.Capacity = domain.System
	}
	return a
}

func (s *story) must(out commands.Outcome, err error) string {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
	return out.ID()
}

func newStory(t *testing.T) *story {
	t.Helper()
	s := &story{town: newTown(t)}
	ctx := t.Context()
	s.on("2026-01-05")
	s.units(ctx)
	s.people(ctx)
	s.indicators(ctx)
	s.plans(ctx)
	s.work(ctx)
	s.judgement(ctx)
	s.on("2026-11-23")
	if err := s.await(ctx, 0); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *story) units(ctx context.Context) {
	for _, u := range []unit.Establish{
		{Unit: "kota", Code: "11.72", Name: "Pemerintah Kota Sabang", Kind: unit.City},
		{Unit: "setda", Name: "Sekretariat Daerah", Kind: unit.Agency, Parent: "kota"},
		{Unit: "dispar", Name: "Dinas Pariwisata", Kind: unit.Agency, Parent: "kota", Origin: "Daftar perangkat daerah, laman resmi kota"},
		{Unit: "dispar-promosi", Name: "Bidang Promosi dan Pemasaran", Kind: unit.Section, Parent: "dispar"},
		{Unit: "bkpsdm", Name: "Badan Kepegawaian dan Pengembangan SDM", Kind: unit.Agency, Parent: "kota"},
		{Unit: "inspektorat", Name: "Inspektorat Daerah", Kind: unit.Agency, Parent: "kota"},
	} {
		u.From = "2020-01-01"
		s.must(s.office.EstablishUnit(ctx, s.ask(""), u))
	}
}

func (s *story) people(ctx context.Context) {
	enrol := func(id domain.PersonID, name, title string, level person.Level, in domain.UnitID, superior domain.PersonID, roles ...person.Role) {
		e := commands.Enrolment{RegisterPerson: commands.RegisterPerson{Person: id, Employment: person.PNS, Invented: true,
			Identity: commands.Identity{Name: name, NIP: fmt.Sprintf("19850101201001%04d", len(s.vault.people)+1)}},
			Posts: []person.AssignPost{{Title: title, Level: level, Unit: in, From: "2024-01-01"}}}
		if superior != "" {
			e.Lines = []person.SetReportingLine{{Superior: superior, From: "2024-01-01"}}
		}
		for _, r := range roles {
			e.Roles = append(e.Roles, person.GrantRole{Role: r, From: "2024-01-01"})
		}
		s.must(s.office.EnrolPerson(ctx, s.ask(""), e))
	}
	enrol(ismail, "Ismail Lampoh", "Sekretaris Daerah", person.SeniorLeader, "setda", "", person.CityLeadership)
	enrol(cut, "Cut Nuraini", "Kepala Dinas Pariwisata", person.SeniorLeader, "dispar", ismail)
	enrol(teuku, "Teuku Ramadhan", "Kepala Bidang Promosi dan Pemasaran", person.Administrator, "dispar", cut)
	enrol(rahmi, "Rahmi Safitri", "Analis Promosi Wisata", person.Functional, "dispar", teuku)
	for n, name := range []string{"Zulfikar Anwar", "Maulida Putri", "Agus Salim Daud", "Nurul Hayati", "Fauzan Idris", "Yusra Wahyuni", "Iqbal Syah", "Rina Marlina"} {
		enrol(domain.PersonID(fmt.Sprintf("staf-%d", n+1)), name, "Pengelola Destinasi", person.Executive, "dispar", teuku)
	}
	enrol(fitri, "Fitri Handayani", "Analis SDM Aparatur", person.Functional, "bkpsdm", ismail, person.PersonnelAgency)
	enrol(hasan, "Hasan Basri Yusuf", "Auditor Ahli Madya", person.Functional, "inspektorat", ismail, person.Inspectorate)
	enrol(nora, "Nora Keumala", "Kepala Bagian Organisasi", person.Administrator, "setda", ismail, person.PerformanceOffice)
	s.must(s.office.AppointHead(ctx, s.ask(""), "dispar", unit.AppointHead{Person: cut, From: "2024-01-01"}))
}

func (s *story) indicators(ctx context.Context) {
	s.must(s.office.DefineIndicator(ctx, s.ask(""), indicator.Define{Indicator: "wisatawan", Name: "Kunjungan wisatawan", Measure: "orang", Direction: indicator.HigherIsBetter, Owner: "dispar"}))
	press := indicator.Source{Title: "Kunjungan wisatawan ke Sabang (kantor berita, 2024)", Where: "laman berita"}
	for _, p := range []struct {
		period indicator.Period
		value  int64
	}{{"2020", 126290}, {"2021", 155253}, {"2022", 254048}, {"2023", 261489}} {
		s.must(s.office.ReportRealisation(ctx, s.ask(""), "wisatawan", indicator.ReportRealisation{Period: p.period, Value: domain.Whole(p.value), Source: press}))
	}
	s.must(s.office.SetTarget(ctx, s.ask(""), "wisatawan", indicator.SetTarget{Period: "2023", Value: domain.Whole(300000), Source: indicator.Source{Title: "Harapan pejabat dalam wawancara", Note: "bukan perjanjian kinerja"}}))
	s.must(s.office.NoteInconsistency(ctx, s.ask(""), "wisatawan", indicator.NoteInconsistency{Period: "2022", Note: "Jumlah rinciannya 254.044, bukan 254.048.", Source: press}))
	s.must(s.office.DefineIndicator(ctx, s.ask(""), indicator.Define{Indicator: "ombudsman", Name: "Kepatuhan pelayanan publik", Measure: "skor", Direction: indicator.HigherIsBetter}))
	for _, p := range []struct {
		period indicator.Period
		value  domain.Decimal
	}{{"2022", 6753}, {"2023", 8322}, {"2024", 8648}} {
		s.must(s.office.ReportRealisation(ctx, s.ask(""), "ombudsman", indicator.ReportRealisation{Period: p.period, Value: p.value, Source: indicator.Source{Title: "Penilaian Ombudsman"}}))
	}
}

func (s *story) plans(ctx context.Context) {
	write := func(who domain.PersonID, serves plan.Serves, results ...string) (domain.PlanID, []domain.ResultID) {
		a := s.ask(who)
		id := domain.PlanID(s.must(s.office.OpenPlan(ctx, a, commands.OpenPlan{})))
		var edits []commands.PlanEdit
		var ids []domain.ResultID
		for n, wording := range results {
			r := domain.ResultID(fmt.Sprintf("%s-r%d", who, n+1))
			ids = append(ids, r)
			aspect := plan.Quantity
			if who == cut {
				aspect = plan.Recipients
			}
			edits = append(edits, plan.AddResult{Result: r, Kind: plan.Main, Wording: wording, Serves: serves},
				plan.SetIndicator{Result: r, Key: "i1", Wording: "Jumlah kegiatan yang terlaksana", Aspect: aspect, Target: domain.Whole(24), Measure: "kegiatan"})
		}
		s.must(s.office.EditPlan(ctx, s.ask(who), id, edits))
		return id, ids
	}
	sign := func(who, appraiser domain.PersonID, id domain.PlanID) {
		s.must(s.office.SubmitPlan(ctx, s.ask(who), commands.SubmitPlan{Plan: id}))
		p, _, err := commands.State(ctx, s.store, plan.Decider, string(id))
		if err != nil {
			s.Fatal(err)
		}
		s.must(s.office.SignPlan(ctx, s.ask(who), commands.SignPlan{Plan: id, Content: p.Submitted}))
		s.must(s.office.SignPlan(ctx, s.ask(appraiser), commands.SignPlan{Plan: id, Content: p.Submitted}))
	}
	cutPlan, cutResults := write(cut, plan.Serves{Indicator: "wisatawan"}, "Meningkatnya kunjungan wisatawan ke Kota Sabang")
	sign(cut, ismail, cutPlan)
	s.superior = plan.Serves{Plan: cutPlan, Result: cutResults[0]}
	teukuPlan, teukuResults := write(teuku, s.superior, "Terlaksananya promosi wisata di dalam dan luar negeri")
	sign(teuku, cut, teukuPlan)
	var ids []domain.ResultID
	s.plan, ids = write(rahmi, plan.Serves{Plan: teukuPlan, Result: teukuResults[0]}, "Tersusunnya materi promosi wisata bahari", "Terkelolanya kanal media sosial wisata")
	s.result = ids[0]
	s.must(s.office.EditPlan(ctx, s.ask(rahmi), s.plan, []commands.PlanEdit{plan.ExpectBehaviour{Value: domain.Collaborative, Expectation: "Melibatkan gampong wisata sejak perencanaan"}}))
	sign(rahmi, teuku, s.plan)
	s.draft, _ = write("staf-1", plan.Serves{}, "Melaksanakan pembersihan pantai")
	s.must(s.office.SubmitPlan(ctx, s.ask("staf-1"), commands.SubmitPlan{Plan: s.draft}))
}

func (s *story) work(ctx context.Context) {
	day := domain.Date("2026-08-31")
	for n := range 30 {
		s.on(day)
		report := func(who domain.PersonID, p domain.PlanID, r domain.ResultID, text string) domain.ReportID {
			return domain.ReportID(s.must(s.office.ReportProgress(ctx, s.ask(who), commands.ReportProgress{Plan: p, Result: r, On: day, Quantity: domain.Whole(int64(n%3 + 1)), Measure: "kegiatan", Text: text})))
		}
		s.report = report(rahmi, s.plan, s.result, fmt.Sprintf("Menyusun materi promosi nomor %d bersama pengelola gampong wisata.", n+1))
		if n%2 == 0 {
			report(domain.PersonID(fmt.Sprintf("staf-%d", n%8+1)), "", "", "Memeriksa kebersihan dan papan petunjuk di lokasi wisata.")
		}
		if n < 26 {
			s.must(s.office.AcknowledgeProgress(ctx, s.ask(teuku), commands.AcknowledgeProgress{Report: s.report, Note: "Terima kasih, lanjutkan."}))
		}
		if n%6 == 0 {
			s.feedback = domain.FeedbackID(s.must(s.office.GiveFeedback(ctx, s.ask(teuku), commands.GiveFeedback{About: rahmi, Tone: feedback.Tones[n/6%3], Value: domain.Collaborative, Report: s.report,
				Text: "Pengelola gampong merasa didengar. Materinya jadi lebih jujur dan lebih mudah dipakai."})))
		}
		if n == 27 {
			s.asked = s.report
			s.must(s.office.QuestionProgress(ctx, s.ask(teuku), commands.QuestionProgress{Report: s.asked, Question: "Gampong mana saja yang terlibat?"}))
		}
		if n == 28 {
			s.corrected = s.report
			s.must(s.office.CorrectProgress(ctx, s.ask(rahmi), commands.CorrectProgress{Report: s.corrected, Quantity: domain.Whole(5), Measure: "kegiatan", Text: "Menyusun lima materi promosi, bukan dua.", Reason: "Salah ketik jumlahnya."}))
		}
		day = day.AddDays(2 + n%2)
	}
	s.must(s.office.ReplyFeedback(ctx, s.ask(rahmi), commands.ReplyFeedback{Feedback: s.feedback, Text: "Terima kasih, Pak. Minggu depan kami coba di Iboih."}))
	s.must(s.office.QuestionLine(ctx, s.ask("staf-3"), "Sejak Oktober saya di bawah Kepala Seksi Destinasi."))
}

func (s *story) judgement(ctx context.Context) {
	s.on("2026-11-20")
	a := domain.AppraisalID(s.must(s.office.OpenAppraisal(ctx, s.ask(teuku), commands.OpenAppraisal{Person: rahmi, Plan: s.plan, Kind: appraisal.Periodic, Span: domain.Span{From: "2026-07-01", Until: "2026-09-30"}})))
	s.appraisal = a
	for n, r := range []domain.ResultID{"rahmi-r1", "rahmi-r2"} {
		in := commands.RecordRealisation{Appraisal: a, Result: r, Quantity: domain.Whole(12), Measure: "kegiatan"}
		if n == 0 {
			in.Reports = []domain.ReportID{s.report}
		} else {
			in.NoEvidence = "Kanal dikelola tim lain selama triwulan ini."
		}
		s.must(s.office.RecordRealisation(ctx, s.ask(teuku), in))
	}
	s.must(s.office.RateResult(ctx, s.ask(teuku), commands.RateResult{Appraisal: a, Rating: appraisal.AsExpected, Note: "Target triwulan tercapai."}))
	var values []appraisal.ValueRating
	for _, v := range domain.Values {
		values = append(values, appraisal.ValueRating{Value: v, Rating: appraisal.AsExpected})
	}
	s.must(s.office.RateBehaviour(ctx, s.ask(teuku), commands.RateBehaviour{Appraisal: a, Values: values, Rating: appraisal.AsExpected}))
	s.must(s.office.ChangeScore(ctx, s.ask(teuku), commands.ChangeScore{Appraisal: a, Dimension: appraisal.OfBehaviour, Old: appraisal.AsExpected, New: appraisal.Above, Reason: "Kolaborasi dengan gampong jauh melampaui harapan."}))
}
