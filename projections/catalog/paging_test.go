package catalog_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/inbox"
	"github.com/jejak-kinerja/jejak/projections/personpage"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
	"github.com/jejak-kinerja/jejak/projections/unitpage"
)

// walk reads a list page by page and compares it with the list read at once.
func walk[T any](t *testing.T, what string, limit int, key func(T) any, list func(projections.Page) (projections.Rows[T], error)) {
	t.Helper()
	whole := must(list(projections.Page{Limit: projections.MaxPageRows})).Items
	if len(whole) < 2 {
		t.Errorf("%s: only %d rows, too few to page", what, len(whole))
	}
	var pages []T
	page := projections.Page{Limit: limit}
	for {
		rows := must(list(page))
		pages = append(pages, rows.Items...)
		if rows.Next == "" || len(pages) > projections.MaxPageRows {
			break
		}
		page.Cursor = rows.Next
	}
	for i := range min(len(pages), len(whole)) {
		if key(pages[i]) != key(whole[i]) {
			t.Fatalf("%s: row %d is %v by pages, %v at once", what, i, key(pages[i]), key(whole[i]))
		}
	}
	if len(pages) < len(whole) {
		t.Errorf("%s: %d rows by pages, %d at once", what, len(pages), len(whole))
	}
	for _, cursor := range []string{"!", "MTg0NDY3NDQwNzM3MDk1NTE2MTU"} { // the second is the largest number of 64 bits
		if _, err := list(projections.Page{Cursor: cursor}); domain.SlugOf(err) != "cursor-malformed" {
			t.Errorf("%s takes a cursor that no page gave: %v", what, err)
		}
	}
}

func TestPagesTogetherAreTheWholeList(t *testing.T) {
	facts := projectiontest.History(t, 12, town)
	q := projectiontest.Open(t, pgtest.URL(t), catalog.All()...)
	projectiontest.Apply(t, q, facts, catalog.All()...)
	ctx, on := t.Context(), projections.Day(facts[len(facts)-1].Meta.RecordedAt)

	for _, order := range []audittrail.Order{audittrail.NewestFirst, audittrail.OldestFirst} {
		walk(t, "audit trail", 7, func(e audittrail.Entry) any { return e.Position }, func(p projections.Page) (projections.Rows[audittrail.Entry], error) {
			return audittrail.List(ctx, q, projections.Trail{Unit: "u1"}, order, p)
		})
	}
	walk(t, "timeline", 7, func(e audittrail.Entry) any { return e.Position }, func(p projections.Page) (projections.Rows[audittrail.Entry], error) {
		return audittrail.Timeline(ctx, q, "p1", []audittrail.Topic{audittrail.Progress, audittrail.Feedback}, p)
	})
	walk(t, "inbox", 7, func(i inbox.Item) any { return i.Stream + string(i.Task) }, func(p projections.Page) (projections.Rows[inbox.Item], error) {
		return inbox.Items(ctx, q, "p0", "", p)
	})
	walk(t, "staff", 3, func(p directory.Person) any { return p.Person }, func(p projections.Page) (projections.Rows[directory.Person], error) {
		return directory.Staff(ctx, q, on.AddDays(-60), "", p)
	})
	walk(t, "subordinates", 3, func(p directory.Person) any { return p.Person }, func(p projections.Page) (projections.Rows[directory.Person], error) {
		return directory.Subordinates(ctx, q, on.AddDays(-60), "p0", p)
	})
	walk(t, "silent staff", 2, func(s cityhome.Silent) any { return s }, func(p projections.Page) (projections.Rows[cityhome.Silent], error) {
		return cityhome.SilentStaff(ctx, q, on.AddDays(-60), 0, "", p)
	})
	walk(t, "waiting reports", 5, func(w unitpage.Waiting) any { return w.Report }, func(p projections.Page) (projections.Rows[unitpage.Waiting], error) {
		return unitpage.WaitingReports(ctx, q, "u1", p)
	})
	walk(t, "reports", 5, func(r personpage.Report) any { return r.Report }, func(p projections.Page) (projections.Rows[personpage.Report], error) {
		return personpage.Reports(ctx, q, "p1", p)
	})
	walk(t, "reports on a result", 5, func(r personpage.Report) any { return r.Report }, func(p projections.Page) (projections.Rows[personpage.Report], error) {
		return personpage.ReportsOn(ctx, q, "p0", "r1", p)
	})
	walk(t, "feedback", 3, func(f personpage.Feedback) any { return f.Feedback }, func(p projections.Page) (projections.Rows[personpage.Feedback], error) {
		return personpage.FeedbackAbout(ctx, q, "p1", p)
	})
	walk(t, "feedback given", 3, func(f personpage.Feedback) any { return f.Feedback }, func(p projections.Page) (projections.Rows[personpage.Feedback], error) {
		return personpage.FeedbackBy(ctx, q, "p1", p)
	})
}

func TestTheDirectoryKnowsLeadersRolesAndDays(t *testing.T) {
	l := projectiontest.New(t)
	for _, id := range []domain.PersonID{"head", "deputy", "clerk", "auditor"} {
		stream := "person-" + string(id)
		l.Add(stream, "", person.Registered{Person: id, Employment: person.PNS, Invented: true})
		l.Add(stream, "", person.PostAssigned{Post: "p1", Title: "Analis", Level: person.Executive, Unit: "dinas", From: "2024-01-01"})
	}
	l.Add("unit-dinas", "", unit.Established{Unit: "dinas", Code: "1.2", Name: "Dinas Lama", Kind: unit.Agency, From: "2020-01-01"})
	l.Add("unit-dinas", "", unit.Renamed{Name: "Dinas Baru", From: "2026-02-01"})
	l.Add("unit-dinas", "", unit.CodeAliased{Alias: "1.02"})
	l.Add("unit-dinas", "", unit.HeadAppointed{Person: "head", From: "2024-01-01"})
	l.Add("unit-dinas", "", unit.ActingHeadAssigned{Person: "deputy", Capacity: domain.ActingAbsent,
		Span: domain.Span{From: "2026-01-10", Until: "2026-01-20"}})
	l.Add("person-clerk", "", person.ReportingLineSet{Superior: "deputy", From: "2024-01-01"})
	l.Add("person-clerk", "", person.ReportingLineSet{Superior: "head", From: "2026-03-01"})
	l.Add("person-clerk", "clerk", person.LineQuestioned{OnFile: "deputy"})
	l.Add("person-auditor", "", person.RoleGranted{Role: person.Inspectorate, From: "2024-01-01"})
	l.Add("person-auditor", "", person.RoleGranted{Role: person.PersonnelAgency, From: "2026-02-01"})
	l.Add("person-auditor", "", person.PostAssigned{Post: "p2", Title: "Auditor", Level: person.Functional, Unit: "inspektorat", From: "2026-02-01"})
	q := projectiontest.Open(t, pgtest.URL(t), catalog.All()...)
	projectiontest.Apply(t, q, l.Facts, catalog.All()...)
	ctx := t.Context()

	for on, want := range map[domain.Date]domain.PersonID{"2026-01-09": "head", "2026-01-10": "deputy", "2026-01-20": "deputy", "2026-01-21": "head"} {
		h, found, err := directory.FindHead(ctx, q, on, "dinas")
		if err != nil || !found || h.Person != want {
			t.Errorf("on %s %s leads, want %s (%v)", on, h.Person, want, err)
		}
	}
	if _, found, err := directory.FindHead(ctx, q, "2026-01-09", "inspektorat"); found || err != nil {
		t.Errorf("a unit without a head has one: %v", err)
	}
	for on, want := range map[domain.Date]string{"2026-01-31": "Dinas Lama", "2026-02-01": "Dinas Baru"} {
		if u := must(directory.FindUnitByCode(ctx, q, on, "1.02")); u.Name != want || u.Unit != "dinas" {
			t.Errorf("on %s the unit is %q, want %q", on, u.Name, want)
		}
	}
	for on, want := range map[domain.Date]domain.PersonID{"2026-02-28": "deputy", "2026-03-01": "head"} {
		if p := must(directory.FindPerson(ctx, q, on, "clerk")); p.Superior != want || !p.Questioned {
			t.Errorf("on %s the superior is %s, want %s", on, p.Superior, want)
		}
	}
	for on, want := range map[domain.Date]directory.Standing{
		"2023-12-31": {Roles: []person.Role{}},
		"2026-01-31": {Unit: "dinas", Roles: []person.Role{person.Inspectorate}},
		"2026-02-01": {Unit: "inspektorat", Roles: []person.Role{person.PersonnelAgency, person.Inspectorate}},
	} {
		if s := must(directory.FindStanding(ctx, q, on, "auditor")); s.Unit != want.Unit || !slices.Equal(s.Roles, want.Roles) {
			t.Errorf("on %s the auditor stands as %+v, want %+v", on, s, want)
		}
	}
	if _, err := directory.FindStanding(ctx, q, "2026-01-05", "nobody"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("nobody has a standing: %v", err)
	}
	as := map[string]domain.PersonID{}
	for _, p := range must(directory.Personas(ctx, q, "2026-01-05")) {
		as[p.As] = p.Person.Person
	}
	if as["kepala-unit"] != "head" || as["atasan"] != "deputy" || as["pegawai"] != "clerk" || as["inspektorat"] != "auditor" {
		t.Errorf("personas %v", as)
	}
	if staff := must(directory.Staff(ctx, q, "2026-02-01", "dinas", projections.Page{})).Items; len(staff) != 3 {
		t.Errorf("%d people in the unit after one moved on, want 3", len(staff))
	}
	if n := len(must(directory.Exceptions(ctx, q, "2026-01-05", projections.Page{})).Items); n != 4 {
		t.Errorf("%d exceptions, want 4: three without a superior, one who questions hers", n)
	}
	if n := len(must(directory.Posts(ctx, q, "auditor"))); n != 2 {
		t.Errorf("%d posts, want 2", n)
	}
	if n := len(must(directory.Lines(ctx, q, "clerk"))); n != 2 {
		t.Errorf("%d lines, want 2", n)
	}
	if units := must(directory.Units(ctx, q, "2026-01-15")); len(units) != 1 || units[0].Head != "deputy" || units[0].Capacity != domain.ActingAbsent {
		t.Errorf("units %+v", units)
	}
	if found := must(directory.FindPeople(ctx, q, "2026-01-05", []domain.PersonID{"head", "nobody"})); len(found) != 1 {
		t.Errorf("found %v", found)
	}
	if _, err := directory.FindPerson(ctx, q, "2026-01-05", "nobody"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("nobody was found: %v", err)
	}
}

func TestTheAuditTrailHoldsEachFactByteForByte(t *testing.T) {
	facts := projectiontest.History(t, 13, projectiontest.Size{People: 5, Units: 2, Steps: 200, Pace: time.Hour})
	q := projectiontest.Open(t, pgtest.URL(t), catalog.All()...)
	projectiontest.Apply(t, q, facts, catalog.All()...)
	ctx := t.Context()
	for _, f := range facts {
		e := must(audittrail.At(ctx, q, f.Position))
		if string(e.Body) != string(f.Data) || e.Event != f.ID || e.Actor != f.Meta.Actor || !e.RecordedAt.Equal(f.Meta.RecordedAt) {
			t.Fatalf("%+v is not %+v", e, f)
		}
		if same := must(audittrail.AtRevision(ctx, q, f.Stream, f.Revision)); same.Position != f.Position {
			t.Errorf("%s@%d is at %d, want %d", f.Stream, f.Revision, same.Position, f.Position)
		}
	}
	middle := facts[len(facts)/2]
	day := projections.Day(middle.Meta.RecordedAt)
	var want int64
	for _, f := range facts {
		if projections.Day(f.Meta.RecordedAt) <= day {
			want++
		}
	}
	if got := must(audittrail.Count(ctx, q, projections.Trail{AsOf: day})); got.Facts != want {
		t.Errorf("as of %s there are %d facts, want %d", day, got.Facts, want)
	}
}
