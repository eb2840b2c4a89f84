package audittrail

import (
	"cmp"
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/policy"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/projections"
)

// aspects is what the filters look at in one fact.
type aspects struct {
	subject             domain.PersonID
	unit                domain.UnitID
	indicator           domain.IndicatorID
	plan                domain.PlanID
	result              domain.ResultID
	value, kind, period string
	day                 domain.Date
	// opens says that the following facts of the stream inherit what they do not say.
	opens bool
}

func aspectsOf(fact domain.Recorded) aspects {
	_, id, _ := strings.Cut(fact.Stream, "-")
	a := aspects{day: projections.Day(fact.Meta.EffectiveAt)}
	switch e := fact.Body.(type) {
	case person.Event:
		a.subject = domain.PersonID(id)
		a.ofPerson(e)
	case unit.Event:
		a.unit = domain.UnitID(id)
		a.ofUnit(e)
	case indicator.Event:
		a.indicator = domain.IndicatorID(id)
		a.ofIndicator(e)
	case policy.Event:
		a.value = id
	case plan.Event:
		a.plan = domain.PlanID(id)
		a.ofPlan(e)
	case progress.Event:
		a.ofProgress(e)
	case feedback.Event:
		if g, ok := e.(feedback.Given); ok {
			a.subject, a.unit, a.plan, a.result = g.About, g.Unit, g.Plan, g.Result
			a.value, a.kind, a.opens = string(g.Value), string(g.Tone), true
		}
	case appraisal.Event:
		a.ofAppraisal(e)
	case bkn.Event:
		a.subject = domain.PersonID(id)
		a.ofBKN(e)
	}
	return a
}

func (a *aspects) ofPerson(event person.Event) {
	switch e := event.(type) {
	case person.Registered:
		a.value = string(e.Employment)
	case person.PostAssigned:
		a.unit, a.value = e.Unit, string(e.Level)
	case person.RoleGranted:
		a.value = string(e.Role)
	case person.RoleRevoked:
		a.value = string(e.Role)
	case person.Separated:
		a.value = string(e.Cause)
	case person.KeyDestroyed:
		a.value = e.Class
	}
}

func (a *aspects) ofUnit(event unit.Event) {
	switch e := event.(type) {
	case unit.Established:
		a.value = string(e.Kind)
	case unit.HeadAppointed:
		a.subject = e.Person
	case unit.HeadReleased:
		a.subject = e.Person
	case unit.ActingHeadAssigned:
		a.subject, a.value = e.Person, string(e.Capacity)
	case unit.ActingHeadEnded:
		a.subject = e.Person
	}
}

func (a *aspects) ofIndicator(event indicator.Event) {
	switch e := event.(type) {
	case indicator.Defined:
		a.unit = e.Owner
	case indicator.TargetSet:
		a.period = string(e.Period)
	case indicator.TargetRevised:
		a.period = string(e.Period)
	case indicator.RealisationReported:
		a.period = string(e.Period)
	case indicator.RealisationCorrected:
		a.period = string(e.Period)
	case indicator.InconsistencyNoted:
		a.period = string(e.Period)
	}
}

func (a *aspects) ofPlan(event plan.Event) {
	switch e := event.(type) {
	case plan.Opened:
		a.subject, a.unit, a.period, a.opens = e.Person, e.Unit, projections.Year(e.Span.From), true
	case plan.ResultAdded:
		a.result, a.value = e.Result, string(e.Kind)
	case plan.ResultAmended:
		a.result = e.Result
	case plan.ResultWithdrawn:
		a.result = e.Result
	case plan.IndicatorSet:
		a.result, a.value = e.Result, string(e.Aspect)
	case plan.IndicatorRemoved:
		a.result = e.Result
	case plan.BehaviourExpected:
		a.value = string(e.Value)
	case plan.Closed:
		a.value = string(e.Cause)
	}
}

func (a *aspects) ofProgress(event progress.Event) {
	if e, ok := event.(progress.Reported); ok {
		a.subject, a.unit, a.plan, a.result, a.opens = e.Person, e.Unit, e.Plan, e.Result, true
		a.day = cmp.Or(e.On, a.day)
	}
}

func (a *aspects) ofBKN(event bkn.Event) {
	switch e := event.(type) {
	case bkn.PlanReported:
		a.unit, a.value, a.period = e.Unit, e.Status, projections.Year(e.Until)
	case bkn.PredicateReported:
		a.value, a.period = string(e.Predicate), projections.Year(e.Span.From)
	}
}

func (a *aspects) ofAppraisal(event appraisal.Event) {
	switch e := event.(type) {
	case appraisal.Opened:
		a.subject, a.unit, a.plan, a.opens = e.Person, e.Unit, e.Plan, true
		a.kind, a.period = string(e.Kind), projections.Year(e.Span.From)
	case appraisal.RealisationRecorded:
		a.result = e.Result
	case appraisal.ResultRated:
		a.value = string(e.Rating)
	case appraisal.BehaviourRated:
		a.value = string(e.Rating)
	case appraisal.PredicateDerived:
		a.value = string(e.Predicate)
	case appraisal.ScoreChanged:
		a.value = string(e.New)
	}
}
