package projectiontest

import (
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

func (c *town) sealed() domain.Sealed { return domain.Sealed(fmt.Sprintf("%043d", len(c.Facts))) }

func (c *town) say(id string, actor domain.PersonID, e progress.Event) {
	c.Add("progress-"+id, actor, e)
	c.reports[id] = progress.Evolve(c.reports[id], e)
}

func (c *town) report() {
	who := c.pick()
	e := progress.Reported{Report: domain.ReportID(c.fresh("report")), Person: who, Superior: c.boss(who), Unit: c.unit(),
		On: c.day(9), Quantity: domain.Decimal(c.rng.IntN(500)), Text: c.sealed()}
	if c.rng.IntN(2) == 0 {
		e.Measure = "berkas"
	}
	if id, ok := c.old("plan"); ok && c.rng.IntN(4) > 0 {
		e.Plan, e.Result = domain.PlanID(id), "r1"
	}
	c.say(string(e.Report), who, e)
}

func (c *town) answer() {
	id, ok := c.old("report")
	s := c.reports[id]
	if !ok || s.Status == progress.TakenBack {
		return
	}
	switch c.rng.IntN(6) {
	case 0:
		c.say(id, s.Person, progress.Withdrawn{Reason: c.sealed()})
	case 1:
		c.say(id, s.Person, progress.Corrected{Version: s.Version + 1, Quantity: domain.Decimal(c.rng.IntN(500)), Measure: "orang",
			Text: c.sealed(), Reason: c.sealed()})
	default:
		switch {
		case s.Status == progress.Open:
			c.say(id, s.Person, progress.Answered{Answer: c.sealed()})
		case c.rng.IntN(3) == 0:
			c.say(id, "p0", progress.Questioned{By: "p0", Question: c.sealed()})
		case s.Status != progress.Noted:
			c.say(id, "p0", progress.Acknowledged{By: "p0"})
		}
	}
}

func (c *town) feedback() {
	id, ok := c.old("feedback")
	if !ok || c.rng.IntN(2) == 0 {
		about := c.pick()
		e := feedback.Given{Feedback: domain.FeedbackID(c.fresh("feedback")), About: about, Unit: c.unit(), By: c.pick(),
			Relation: feedback.FromPeer, Tone: feedback.Tones[c.rng.IntN(3)], Text: c.sealed()}
		c.Add("feedback-"+string(e.Feedback), e.By, e)
		c.notes[string(e.Feedback)] = feedback.Evolve(feedback.State{}, e)
		return
	}
	s := c.notes[id]
	var e feedback.Event
	switch {
	case !s.Seen:
		e = feedback.Read{}
	case c.rng.IntN(3) == 0 && !s.Disputed:
		e = feedback.Disputed{Reason: c.sealed()}
	case c.rng.IntN(2) == 0:
		e = feedback.Replied{By: s.By, Text: c.sealed()}
	default:
		e = feedback.Replied{By: s.About, Text: c.sealed()}
	}
	c.Add("feedback-"+id, s.About, e)
	c.notes[id] = feedback.Evolve(s, e)
}

func (c *town) plan() {
	id, ok := c.old("plan")
	s := c.plans[id]
	say := func(actor domain.PersonID, events ...plan.Event) {
		for _, e := range events {
			c.Add("plan-"+id, actor, e)
			c.plans[id] = plan.Evolve(c.plans[id], e)
		}
	}
	if !ok || c.rng.IntN(4) == 0 {
		id = c.fresh("plan")
		who := c.pick()
		say(who, plan.Opened{Plan: domain.PlanID(id), Person: who, Appraiser: c.boss(who), Unit: c.unit(), Post: "p1",
			Span: domain.Span{From: "2026-01-01", Until: "2026-12-31"}},
			plan.ResultAdded{Result: "r1", Kind: plan.Main, Wording: "Hasil"},
			plan.IndicatorSet{Result: "r1", Key: "i1", Wording: "Jumlah", Aspect: plan.Quantity, Target: 1200, Measure: "berkas"})
		return
	}
	const content = "Y29udGVudA"
	switch n := c.rng.IntN(6); {
	case s.Status == plan.Ended:
	case n == 0:
		say(s.Person, plan.ResultAmended{Result: "r1", Wording: "Hasil baru"})
	case n == 1 && c.rng.IntN(3) == 0:
		say("p0", plan.Closed{LastDay: c.day(0), Cause: plan.Transfer})
	case s.Writing():
		say(s.Person, plan.Submitted{Content: content})
	case s.Status == plan.Valid:
		say(s.Person, plan.SignatureWithdrawn{Reason: c.sealed()})
	case n == 2:
		say("p0", plan.Returned{Reason: c.sealed()})
	case n == 3:
		say("p0", plan.AppraiserChanged{Appraiser: c.pick()})
	case s.SignedByAppraiser == "" && (n == 4 || s.SignedByEmployee != ""):
		say("p0", plan.SignedByAppraiser{Content: content})
		c.establish(id)
	case s.SignedByEmployee == "":
		say(s.Person, plan.SignedByEmployee{Content: content})
		c.establish(id)
	}
}

// establish follows when both have signed.
func (c *town) establish(id string) {
	s := c.plans[id]
	if s.SignedByEmployee == "" || s.SignedByAppraiser == "" {
		return
	}
	e := plan.Established{Content: s.Submitted, Version: s.DraftVersion()}
	c.Add("plan-"+id, s.Person, e)
	c.plans[id] = plan.Evolve(s, e)
}

func (c *town) appraisal() {
	id, ok := c.old("appraisal")
	s := c.appraisals[id]
	say := func(actor domain.PersonID, events ...appraisal.Event) {
		for _, e := range events {
			c.Add("appraisal-"+id, actor, e)
			c.appraisals[id] = appraisal.Evolve(c.appraisals[id], e)
		}
	}
	rating := func() appraisal.Rating { return appraisal.Ratings[c.rng.IntN(3)] }
	derived := func(result, behaviour appraisal.Rating) appraisal.Event {
		p, _ := appraisal.PredicateOf(result, behaviour)
		return appraisal.PredicateDerived{Result: result, Behaviour: behaviour, Predicate: p}
	}
	switch {
	case !ok || c.rng.IntN(3) == 0:
		id = c.fresh("appraisal")
		who := c.pick()
		kind, from := appraisal.Annual, domain.Date("2025-01-01")
		if c.rng.IntN(2) == 0 {
			kind, from = appraisal.Periodic, "2026-01-01"
		}
		say("p0", appraisal.Opened{Appraisal: domain.AppraisalID(id), Person: who, Appraiser: c.boss(who), Unit: c.unit(), Kind: kind,
			Span: domain.Span{From: from, Until: from.AddDays(364)}})
	case s.Predicate == "":
		result, behaviour := rating(), rating()
		values := make([]appraisal.ValueRating, 0, len(domain.Values))
		for _, v := range domain.Values {
			values = append(values, appraisal.ValueRating{Value: v, Rating: behaviour})
		}
		say("p0", appraisal.RealisationRecorded{Result: "r1", Quantity: 300, Measure: "berkas", NoEvidence: c.sealed()},
			appraisal.ResultRated{Rating: result}, appraisal.BehaviourRated{Values: values, Rating: behaviour}, derived(result, behaviour))
	case c.rng.IntN(2) == 0:
		result := rating()
		say("p0", appraisal.ScoreChanged{Dimension: appraisal.OfResult, Old: s.Result, New: result, Reason: c.sealed(),
			Authority: appraisal.ByAppraiser}, derived(result, s.Behaviour))
	case !s.Delivered:
		say("p0", appraisal.Delivered{})
	case !s.Received:
		say(s.Person, appraisal.Received{})
	}
}

func (c *town) indicator() {
	period := indicator.Period(fmt.Sprintf("202%d", c.rng.IntN(5)))
	value, source := domain.Decimal(c.rng.IntN(9000)), indicator.Source{Title: "Laporan kinerja"}
	events := []indicator.Event{
		indicator.TargetSet{Period: period, Value: value, Source: source},
		indicator.TargetRevised{Period: period, Old: 100, Value: value, Source: source},
		indicator.RealisationReported{Period: period, Value: value, Source: source},
		indicator.RealisationCorrected{Period: period, Old: 100, Value: value, Source: source},
		indicator.InconsistencyNoted{Period: period, Note: "Dua sumber berbeda", Source: source},
	}
	kind, of := c.rng.IntN(len(events)), 0
	if c.size.Indicators > 1 {
		of = c.rng.IntN(c.size.Indicators)
		if noted := len(events) - 1; kind == noted && c.rng.IntN(10) > 0 {
			kind = c.rng.IntN(noted) // sources seldom contradict each other
		}
	}
	c.Add(fmt.Sprintf("indicator-i%d", of), "p0", events[kind])
}
