package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/inbox"
	"github.com/jejak-kinerja/jejak/projections/personpage"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
	"github.com/jejak-kinerja/jejak/projections/unitpage"
)

// folded is the same history told by the streams themselves.
type folded struct {
	people     map[string]person.State
	reports    map[string]progress.State
	plans      map[string]plan.State
	appraisals map[string]appraisal.State
	heard      map[domain.PersonID]map[domain.Date]bool
}

func fold(facts []domain.Recorded) folded {
	s := folded{map[string]person.State{}, map[string]progress.State{}, map[string]plan.State{}, map[string]appraisal.State{},
		map[domain.PersonID]map[domain.Date]bool{}}
	for _, f := range facts {
		_, id, _ := strings.Cut(f.Stream, "-")
		switch e := f.Body.(type) {
		case person.Event:
			s.people[id] = person.Evolve(s.people[id], e)
		case progress.Event:
			s.reports[id] = progress.Evolve(s.reports[id], e)
		case plan.Event:
			s.plans[id] = plan.Evolve(s.plans[id], e)
		case appraisal.Event:
			s.appraisals[id] = appraisal.Evolve(s.appraisals[id], e)
		case feedback.Given:
			if s.heard[e.About] == nil {
				s.heard[e.About] = map[domain.Date]bool{}
			}
			s.heard[e.About][projections.Day(f.Meta.EffectiveAt)] = true
		}
	}
	return s
}

func TestTheReadModelsSayWhatTheStreamsSay(t *testing.T) {
	facts := projectiontest.History(t, 11, town)
	pool := projectiontest.Open(t, pgtest.URL(t), catalog.All()...)
	projectiontest.Apply(t, pool, facts, catalog.All()...)
	told, ctx := fold(facts), t.Context()
	last := projections.Day(facts[len(facts)-1].Meta.RecordedAt)

	for _, on := range []domain.Date{last, last.AddDays(-30), last.AddDays(30)} {
		staff, led := map[domain.UnitID]int{}, map[domain.PersonID]int{}
		for id, want := range told.people {
			got := must(directory.FindPerson(ctx, pool, on, domain.PersonID(id)))
			if s := must(directory.FindStanding(ctx, pool, on, domain.PersonID(id))); s.Unit != got.Unit || s.LastDay != got.LastDay || !slices.Equal(s.Roles, got.Roles) {
				t.Errorf("%s on %s stands as %+v, the person is %+v", id, on, s, got)
			}
			post, _ := want.MainPostOn(on)
			if got.Post != post.Key || got.Unit != post.Unit || got.Superior != want.SuperiorOn(on) || got.LastDay != want.LastDay {
				t.Errorf("%s on %s: %+v, the stream says %+v", id, on, got, want)
			}
			if got.LastDay == "" || got.LastDay >= on {
				staff[post.Unit]++
				led[want.SuperiorOn(on)]++
			}
		}
		for unit := range staff {
			listed := must(directory.Staff(ctx, pool, on, unit, projections.Page{Limit: 200})).Items
			if unit != "" && (len(listed) != staff[unit] || slices.ContainsFunc(listed, func(p directory.Person) bool { return p.Unit != unit })) {
				t.Errorf("%d staff of %s on %s, the streams say %d", len(listed), unit, on, staff[unit])
			}
		}
		for superior := range led {
			listed := must(directory.Subordinates(ctx, pool, on, superior, projections.Page{Limit: 200})).Items
			if superior != "" && len(listed) != min(led[superior], 200) {
				t.Errorf("%d people under %s on %s, the streams say %d", len(listed), superior, on, led[superior])
			}
		}
		listed := must(cityhome.SilentStaff(ctx, pool, on, 7, "", projections.Page{Limit: 200}))
		silent := map[domain.PersonID]bool{}
		for _, s := range listed.Items {
			silent[s.Person] = true
		}
		for id, p := range told.people {
			heard := false
			for day := range told.heard[p.Person] {
				heard = heard || day > on.AddDays(-7) && day <= on
			}
			// All are in service since before the first report, at the latest from the first day.
			long := on.AddDays(-7) >= projections.Day(projectiontest.Start)
			if want := long && p.ServingOn(on) && !heard; long && silent[p.Person] != want {
				t.Errorf("%s on %s: silent is %t, the streams say %t", id, on, silent[p.Person], want)
			}
		}
	}
	for id, want := range told.reports {
		got := must(personpage.FindReport(ctx, pool, domain.ReportID(id)))
		if got.Status != want.Status || got.Version != want.Version || got.Quantity != want.Quantity || got.Measure != want.Measure {
			t.Errorf("report %s: %+v, the stream says %+v", id, got, want)
		}
	}
	for id, want := range told.plans {
		got := must(personpage.FindPlan(ctx, pool, domain.PlanID(id)))
		if got.Status != want.Status || got.Version != want.Version || got.Appraiser != want.Appraiser ||
			(got.EmployeeSignedAt != nil) != (want.SignedByEmployee != "") || (got.AppraiserSignedAt != nil) != (want.SignedByAppraiser != "") {
			t.Errorf("plan %s: %+v, the stream says %+v", id, got, want)
		}
	}
	for id, want := range told.appraisals {
		got := must(personpage.FindAppraisal(ctx, pool, domain.AppraisalID(id)))
		if got.Predicate != want.Predicate || got.ResultRating != want.Result || len(got.Changes) != want.Changes ||
			(got.DeliveredAt != nil) != want.Delivered || (got.ReceivedAt != nil) != want.Received {
			t.Errorf("appraisal %s: %+v, the stream says %+v", id, got, want)
		}
	}
	told.recount(t, pool, last)
	told.children(t, pool, last)
}

// children asks for what hangs on reports, plans and appraisals.
func (s folded) children(t *testing.T, q projections.Querier, on domain.Date) {
	ctx := t.Context()
	for id, p := range s.plans {
		whole := must(personpage.FindPlan(ctx, q, p.Plan))
		if len(whole.Results) != 1 || len(whole.Results[0].Indicators) != 1 || whole.Results[0].Wording != p.Draft.Results[0].Wording {
			t.Errorf("plan %s has the results %+v", id, whole.Results)
		}
		if versions := must(personpage.Versions(ctx, q, p.Plan)); len(versions) != p.Version {
			t.Errorf("plan %s has %d versions, the stream says %d", id, len(versions), p.Version)
		}
		current, found, err := personpage.CurrentPlan(ctx, q, p.Person, on)
		if err != nil || found && !(domain.Span{From: current.From, Until: current.Until}).Holds(on) {
			t.Errorf("the plan of %s on %s is %+v, %v", p.Person, on, current, err)
		}
		must(personpage.AppraisalsOfPlan(ctx, q, p.Plan))
	}
	if found := must(personpage.FindReports(ctx, q, []domain.ReportID{"r0", "r1", "none"})); len(found) != 2 {
		t.Errorf("found %d reports, want 2", len(found))
	}
	if first := must(personpage.FindFeedback(ctx, q, "f0")); first.Text.Empty() || first.GivenAt.IsZero() {
		t.Errorf("feedback %+v", first)
	}
	must(personpage.FeedbackOn(ctx, q, "r0"))
}

func (s folded) recount(t *testing.T, q projections.Querier, last domain.Date) {
	ctx := t.Context()
	type unitWeek struct {
		unit   domain.UnitID
		monday domain.Date
	}
	weeks, unitWeeks := map[domain.Date]int64{}, map[unitWeek]int64{}
	waiting := map[domain.UnitID]int64{}
	var acknowledge int64
	for _, r := range s.reports {
		if r.Status != progress.TakenBack {
			weeks[projections.Monday(r.On)]++
			unitWeeks[unitWeek{r.Unit, projections.Monday(r.On)}]++
		}
		if r.Status == progress.Waiting || r.Status == progress.Replied {
			waiting[r.Unit]++
			if r.Superior != "" {
				acknowledge++
			}
		}
	}
	for _, w := range must(cityhome.Weeks(ctx, q, "", last, 30)) {
		if w.Reports != weeks[w.Monday] {
			t.Errorf("week of %s: %d reports, the streams have %d", w.Monday, w.Reports, weeks[w.Monday])
		}
	}
	for n := range town.Units {
		unit := domain.UnitID(fmt.Sprintf("u%d", n))
		for _, w := range must(unitpage.Weeks(ctx, q, unit, last, 30)) {
			if want := unitWeeks[unitWeek{unit, w.Monday}]; w.Reports != want {
				t.Errorf("%s, week of %s: %d reports, the streams have %d", unit, w.Monday, w.Reports, want)
			}
		}
	}
	for unit, want := range waiting {
		if got := must(unitpage.CountWaiting(ctx, q, unit)); got.Reports != want {
			t.Errorf("%s: %d reports wait, the streams say %d", unit, got.Reports, want)
		}
	}
	staff := map[domain.UnitID]int64{}
	for _, p := range s.people {
		if post, ok := p.MainPostOn(last); ok && p.ServingOn(last) {
			staff[post.Unit]++
		}
	}
	for unit, want := range staff {
		var got int64
		for _, c := range must(unitpage.StaffCounts(ctx, q, last, unit)) {
			got += c.People
		}
		if got != want {
			t.Errorf("%s: %d people work here, the streams say %d", unit, got, want)
		}
	}
	sign := map[domain.PersonID]int64{}
	for _, p := range s.plans {
		if p.Status == plan.AwaitingSignature && p.SignedByEmployee == "" {
			sign[p.Person]++
		}
	}
	for id := range s.people {
		for _, c := range must(inbox.Counts(ctx, q, domain.PersonID(id))) {
			if c.Task == inbox.SignPlanAsEmployee && c.Items != sign[domain.PersonID(id)] {
				t.Errorf("%s has %d plans to sign, the streams say %d", id, c.Items, sign[domain.PersonID(id)])
			}
			if c.Task == inbox.AcknowledgeReport && c.Items > acknowledge {
				t.Errorf("%d reports to acknowledge, the streams say at most %d", c.Items, acknowledge)
			}
		}
	}
}
