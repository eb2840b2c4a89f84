package commands_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/policy"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// masterOrders is every order on units, people, policies and indicators, and
// whose it is. All but the last two the operator may give while the ledger is filled.
var masterOrders = []struct {
	name  string
	order func(city, commands.Ask) (commands.Outcome, error)
	whose []domain.PersonID
}{
	{"EstablishUnit", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.EstablishUnit(ctx, a, unit.Establish{Unit: "bagian", Name: "Bagian Promosi", Kind: unit.Section, Parent: "dinas", From: "2026-01-01"})
	}, units},
	{"RenameUnit", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.RenameUnit(ctx, a, "dinas", unit.Rename{Name: "Dinas Baru", From: "2026-01-01"})
	}, units},
	{"AliasUnitCode", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.AliasUnitCode(ctx, a, "dinas", unit.AliasCode{Alias: "1.17"})
	}, units},
	{"AppointHead", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.AppointHead(ctx, a, "dinas", unit.AppointHead{Person: cut, From: "2026-01-01"})
	}, units},
	{"ReleaseHead", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.ReleaseHead(ctx, a, "dinas", unit.ReleaseHead{Person: dewi, LastDay: "2026-12-31"})
	}, units},
	{"AssignActingHead", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.AssignActingHead(ctx, a, "dinas", unit.AssignActingHead{Person: cut, Capacity: domain.ActingAbsent, Span: domain.Span{From: "2026-12-01"}})
	}, units},
	{"EndActingHead", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.EndActingHead(ctx, a, "dinas", unit.EndActingHead{Person: lia, LastDay: "2026-11-25"})
	}, units},
	{"CloseUnit", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.CloseUnit(ctx, a, "dinas", unit.Close{LastDay: "2026-12-31"})
	}, units},

	{"RegisterPerson", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.RegisterPerson(ctx, a, newcomer.RegisterPerson)
	}, personnel},
	{"EnrolPerson", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.EnrolPerson(ctx, a, newcomer)
	}, personnel},
	{"AssignPost", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.AssignPost(ctx, a, "ina", person.AssignPost{Title: "Kepala Seksi", Level: person.Supervisor, Unit: "dinas", From: "2026-12-01"})
	}, personnel},
	{"EndPost", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.EndPost(ctx, a, "ina", person.EndPost{Post: "p1", LastDay: "2026-12-31"})
	}, personnel},
	{"SetReportingLine", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.SetReportingLine(ctx, a, "ina", person.SetReportingLine{Superior: dewi, From: "2026-12-01"})
	}, personnel},
	{"CorrectReportingLine", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.CorrectReportingLine(ctx, a, commands.CorrectReportingLine{Person: ina, From: "2026-06-01", Superior: dewi, Reason: "Salah ketik"})
	}, personnel},
	{"GrantRole", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.GrantRole(ctx, a, "ina", person.GrantRole{Role: person.PersonnelAgency, From: "2026-12-01"})
	}, personnel},
	{"RevokeRole", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.RevokeRole(ctx, a, "hadi", person.RevokeRole{Role: person.Inspectorate, LastDay: "2026-11-30"})
	}, personnel},
	{"Separate", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.Separate(ctx, a, "ina", person.Separate{LastDay: "2026-12-31", Cause: person.Moved})
	}, personnel},

	{"PublishPolicy", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.PublishPolicy(ctx, a, policy.Publish{Policy: "baru", Version: 1, From: "2026-12-01", Numbers: policy.Defaults(), Basis: "Keputusan contoh"})
	}, leadership},
	{"RetirePolicy", func(c city, a commands.Ask) (commands.Outcome, error) {
		c.given("policy", "kinerja", policy.VersionPublished{Policy: "kinerja", Version: 1, From: "2026-01-01", Numbers: policy.Defaults(), Basis: "x"})
		return c.RetirePolicy(ctx, a, "kinerja", policy.Retire{Version: 1, LastDay: "2026-12-31"})
	}, leadership},

	{"DefineIndicator", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.DefineIndicator(ctx, a, indicator.Define{Indicator: "skor", Name: "Skor", Measure: "skor", Direction: indicator.HigherIsBetter, Owner: "dinas"})
	}, performance},
	{"SetTarget", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.SetTarget(ctx, a, "kunjungan", indicator.SetTarget{Period: "2024", Value: 1, Source: press})
	}, performance},
	{"ReviseTarget", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.ReviseTarget(ctx, a, "kunjungan", indicator.ReviseTarget{Period: "2023", Value: 1, Source: press})
	}, performance},
	{"ReportRealisation", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.ReportRealisation(ctx, a, "kunjungan", indicator.ReportRealisation{Period: "2024", Value: 1, Source: press})
	}, performance},
	{"CorrectRealisation", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.CorrectRealisation(ctx, a, "kunjungan", indicator.CorrectRealisation{Period: "2023", Value: 1, Source: press})
	}, performance},
	{"NoteInconsistency", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.NoteInconsistency(ctx, a, "kunjungan", indicator.NoteInconsistency{Period: "2023", Note: "Dua sumber, dua angka", Source: press})
	}, performance},

	{"DestroyKey", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.DestroyKey(ctx, a, "gani", "work-2020", "Jadwal retensi")
	}, personnel},
	{"QuestionLine", func(c city, a commands.Ask) (commands.Outcome, error) {
		return c.QuestionLine(ctx, a, "Atasan saya sudah pindah")
	}, serving},
}

var (
	personnel   = []domain.PersonID{fitri}
	units       = []domain.PersonID{fitri, indah}
	leadership  = []domain.PersonID{joko}
	performance = []domain.PersonID{indah}
	serving     = []domain.PersonID{ina, budi, fitri, hadi, indah, joko, kiki}

	newcomer = commands.Enrolment{
		RegisterPerson: commands.RegisterPerson{Identity: commands.Identity{Name: "Mira (rekaan)", NIP: "199001012020012001"}, Employment: person.PPPK, Invented: true},
		Posts:          []person.AssignPost{{Title: "Analis", Level: person.Functional, Unit: "dinas", From: "2026-01-01"}},
		Lines:          []person.SetReportingLine{{Superior: "not-yet-enrolled", From: "2026-01-01"}},
		Roles:          []person.GrantRole{{Role: person.Inspectorate, From: "2026-01-01"}},
	}
)

// personal orders are about oneself or beyond recall: no operator gives them.
func personal(name string) bool { return name == "DestroyKey" || name == "QuestionLine" }

func TestWhoMayGiveWhichOrderOnMasterData(t *testing.T) {
	for _, row := range masterOrders {
		for _, asker := range []domain.PersonID{ina, budi, fitri, hadi, indah, joko, kiki, gani, "stranger", ""} {
			want := "role-needed"
			switch {
			case asker == gani:
				want = "not-in-service"
			case asker == "stranger":
				want = "login-unknown"
			case asker == "":
				want = "login-needed"
			case slices.Contains(row.whose, asker):
				want = ""
			}
			t.Run(row.name+" by "+string(asker), func(t *testing.T) {
				c := newCity(t)
				held := len(c.log.All())
				_, err := row.order(c, as(asker))
				if got := domain.SlugOf(err); got != want || err != nil && want == "" {
					t.Fatalf("got %v, want %q", err, want)
				}
				if want != "" {
					if row.name != "RetirePolicy" && len(c.log.All()) != held {
						t.Error("a refused order left a fact")
					}
					return
				}
				if m := c.last().Meta; m.Actor != asker || m.Authority == "" || m.Capacity != domain.Definitive {
					t.Errorf("recorded as %+v", m)
				}
			})
		}
	}
}

func TestTheOperatorFillsALedgerWithMasterDataOnly(t *testing.T) {
	authority := map[domain.Source]string{domain.FromImport: commands.ByImport, domain.FromDemo: commands.ByRegistration}
	for _, row := range masterOrders {
		for _, door := range []domain.Source{domain.FromImport, domain.FromDemo, domain.FromPage, domain.FromAPI, domain.FromRule} {
			c := newCity(t)
			if _, err := row.order(c, operator(door)); domain.SlugOf(err) != "login-needed" {
				t.Errorf("%s through %s while the ledger is not filled: %v", row.name, door, err)
			}
			c = newCity(t)
			c.Bootstrap = true
			want, open := authority[door]
			if _, err := row.order(c, operator(door)); (err == nil) != (open && !personal(row.name)) {
				t.Errorf("%s through %s while the ledger is filled: %v", row.name, door, err)
			} else if err == nil && (c.last().Meta.Authority != want || c.last().Meta.Capacity != domain.System) {
				t.Errorf("%s through %s is recorded as %+v", row.name, door, c.last().Meta)
			}
			nobody := key(operator(door), "another-key")
			nobody.Capacity = domain.Definitive
			c = newCity(t)
			c.Bootstrap = true
			if _, err := row.order(c, nobody); domain.SlugOf(err) != "login-needed" {
				t.Errorf("%s by nobody in a capacity of people: %v", row.name, err)
			}
		}
	}
	c := newCity(t)
	c.Bootstrap = true
	disguised := operator(domain.FromImport)
	disguised.Actor = ina
	refused(t, "role-needed")(c.CloseUnit(ctx, disguised, "dinas", unit.Close{LastDay: "2026-12-31"}))
	for _, row := range performanceOrders {
		h := newHall(t)
		h.Bootstrap = true
		row.given(h)
		if _, err := row.order(h, operator(domain.FromImport)); err == nil {
			t.Errorf("the operator gave the order %s", row.name)
		}
	}
}

// An order without a row in a table of who may give it is an order nobody thought of.
func TestEveryOrderOfTheOfficeHasItsRow(t *testing.T) {
	rows := map[string]bool{"AcknowledgeAll": true, // many times AcknowledgeProgress
		// see TestOnlyThePersonnelAgencyOrTheOperatorTakesDownWhatBKNSays
		"StartImport": true, "StoreChunk": true, "CommitImport": true, "TakeDownBKN": true}
	for _, row := range masterOrders {
		rows[row.name] = true
	}
	for _, row := range performanceOrders {
		name, _, _ := strings.Cut(row.name, " ")
		rows[name] = true
	}
	office := reflect.TypeFor[*commands.Office]()
	for i := range office.NumMethod() {
		m := office.Method(i)
		takesAsk := m.Type.NumIn() > 2 && m.Type.In(2) == reflect.TypeFor[commands.Ask]()
		if takesAsk && !rows[m.Name] {
			t.Errorf("%s has no row", m.Name)
		}
	}
}

func TestARepeatedOrderOnMasterDataIsOneFactAlsoWhenTheRoleIsGone(t *testing.T) {
	for _, row := range masterOrders {
		c := newCity(t)
		asker := row.whose[0]
		first := done(t)(row.order(c, as(asker)))
		if row.name == "RetirePolicy" {
			continue // its row tells the history anew
		}
		c.given("person", string(asker), person.RoleRevoked{Role: person.PersonnelAgency, LastDay: "2026-11-22"},
			person.RoleRevoked{Role: person.PerformanceOffice, LastDay: "2026-11-22"}, person.RoleRevoked{Role: person.CityLeadership, LastDay: "2026-11-22"})
		held := len(c.log.All())
		again := done(t)(row.order(c, as(asker)))
		if !again.Replayed || again.Position != first.Position || again.Revision != first.Revision || len(c.log.All()) != held {
			t.Errorf("%s: first %+v, again %+v", row.name, first, again)
		}
	}
}

func TestAnOrderHoldsSinceItsDayUnlessTheAskerSaysOtherwise(t *testing.T) {
	c := newCity(t)
	order := unit.Rename{Name: "Dinas Baru", From: "2026-01-01"}
	done(t)(c.RenameUnit(ctx, as(fitri), "dinas", order))
	if got, want := c.last().Meta.EffectiveAt, time.Date(2025, 12, 31, 17, 0, 0, 0, time.UTC); got != want {
		t.Errorf("holds since %v, want %v", got, want)
	}
	ask := key(as(fitri), "another-key")
	ask.EffectiveAt = time.Date(2026, 2, 3, 4, 5, 6, 7890, time.UTC)
	done(t)(c.RenameUnit(ctx, ask, "dinas", unit.Rename{Name: "Dinas Lain", From: "2026-02-01"}))
	if got := c.last().Meta.EffectiveAt; got != ask.EffectiveAt.Truncate(time.Microsecond) {
		t.Errorf("holds since %v, want %v", got, ask.EffectiveAt)
	}
}

func TestOrdersSpeakOfUnitsAndPeopleThatExist(t *testing.T) {
	c := newCity(t)
	ask := as(fitri)
	refused(t, "unit-unknown")(c.EstablishUnit(ctx, ask, unit.Establish{Unit: "x", Name: "X", Kind: unit.Section, Parent: "nowhere", From: "2026-01-01"}))
	refused(t, "unit-closed")(c.EstablishUnit(ctx, ask, unit.Establish{Unit: "x", Name: "X", Kind: unit.Section, Parent: "lama", From: "2026-01-01"}))
	refused(t, "own-parent")(c.EstablishUnit(ctx, ask, unit.Establish{Unit: "x", Name: "X", Kind: unit.Section, Parent: "x", From: "2026-01-01"}))
	refused(t, "person-unknown")(c.AppointHead(ctx, ask, "dinas", unit.AppointHead{Person: "nobody", From: "2026-01-01"}))
	refused(t, "after-separation")(c.AppointHead(ctx, ask, "dinas", unit.AppointHead{Person: gani, From: "2026-02-01"}))
	refused(t, "person-unknown")(c.AssignActingHead(ctx, ask, "dinas", unit.AssignActingHead{Person: "nobody", Capacity: domain.ActingVacant, Span: domain.Span{From: "2027-01-01"}}))
	refused(t, "unit-unknown")(c.AssignPost(ctx, ask, ina, person.AssignPost{Title: "Analis", Level: person.Executive, Unit: "nowhere", From: "2026-12-01"}))
	refused(t, "unit-unknown")(c.DefineIndicator(ctx, as(indah), indicator.Define{Indicator: "x", Name: "X", Measure: "x", Direction: indicator.LowerIsBetter, Owner: "nowhere"}))
	refused(t, "person-unknown")(c.SetReportingLine(ctx, ask, ina, person.SetReportingLine{Superior: "nobody", From: "2026-12-01"}))
	refused(t, "after-separation")(c.SetReportingLine(ctx, ask, ina, person.SetReportingLine{Superior: gani, From: "2026-12-01"}))
	refused(t, "own-superior")(c.SetReportingLine(ctx, ask, ina, person.SetReportingLine{Superior: ina, From: "2026-12-01"}))
	refused(t, "line-circle")(c.SetReportingLine(ctx, ask, cut, person.SetReportingLine{Superior: ina, From: "2026-12-01"}))
	refused(t, "line-circle")(c.CorrectReportingLine(ctx, ask, commands.CorrectReportingLine{Person: budi, From: "2025-01-01", Superior: ina, Reason: "x"}))
	refused(t, "text-missing")(c.CorrectReportingLine(ctx, ask, commands.CorrectReportingLine{Person: ina, From: "2026-06-01", Superior: dewi}))
}

func TestACorrectedLineSaysWhy(t *testing.T) {
	c := newCity(t)
	done(t)(c.CorrectReportingLine(ctx, as(fitri), commands.CorrectReportingLine{Person: ina, From: "2026-06-01", Superior: dewi, Reason: "Salah ketik"}))
	if got := c.last(); got.Body != any(person.ReportingLineCorrected{From: "2026-06-01", Wrong: budi, Superior: dewi}) || got.Meta.Reason != sealed(ina, "reason", "Salah ketik") {
		t.Errorf("got %+v", got)
	}
}

func TestAQuestionedLineHoldsTheSuperiorOnFileAndTheNoteSealed(t *testing.T) {
	c := newCity(t)
	done(t)(c.QuestionLine(ctx, as(ina), "Atasan saya sudah pindah"))
	want := person.LineQuestioned{OnFile: budi, Note: sealed(ina, "note", "Atasan saya sudah pindah")}
	if got := c.last(); got.Body != any(want) || got.Meta.Authority != commands.OwnMatter {
		t.Errorf("got %+v", got)
	}
	out := done(t)(c.QuestionLine(ctx, key(as(ina), "another-key"), ""))
	if out.Events != 0 {
		t.Errorf("questioned twice: %+v", out)
	}
}
