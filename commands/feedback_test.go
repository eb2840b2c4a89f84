package commands_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

func TestTheRelationFollowsFromTheReportingLineOfTheDay(t *testing.T) {
	for _, c := range []struct {
		by, about domain.PersonID
		relation  feedback.Relation
		authority string
	}{
		{budi, ina, feedback.FromSuperior, commands.AsSuperior},
		{cut, ina, feedback.FromSuperior, commands.AsUpperLine},
		{ina, budi, feedback.FromSubordinate, commands.AsColleague},
		{ina, cut, feedback.FromSubordinate, commands.AsColleague},
		{dewi, ina, feedback.FromPeer, commands.AsColleague},
		{eko, ina, feedback.FromPeer, commands.AsColleague}, // was the superior once
		{ina, dewi, feedback.FromPeer, commands.AsColleague},
	} {
		h := newHall(t)
		done(t)(h.GiveFeedback(ctx, as(c.by), commands.GiveFeedback{About: c.about, Tone: feedback.Advice, Text: "Bagus"}))
		got := h.last().Body.(feedback.Given)
		if got.Relation != c.relation || h.last().Meta.Authority != c.authority || got.Text != sealed(c.about, "text", "Bagus") {
			t.Errorf("%s about %s: %s by %s", c.by, c.about, got.Relation, h.last().Meta.Authority)
		}
	}
}

func TestACircleInTheReportingLineTrapsNobody(t *testing.T) {
	h := newHall(t)
	h.given("person", "cut", person.ReportingLineSet{Superior: ina, From: "2026-01-01"})
	done(t)(h.GiveFeedback(ctx, as(dewi), commands.GiveFeedback{About: budi, Tone: feedback.Praise, Text: "Bagus"}))
}

func TestFeedbackSpeaksOfThePersonsOwnWork(t *testing.T) {
	h := newHall(t)
	h.given("plan", "p", planEstablished...)
	h.given("progress", "x", workReported)
	h.given("progress", "w", workReported, progress.Withdrawn{Reason: "w"})
	give := commands.GiveFeedback{About: ina, Tone: feedback.Praise, Text: "Bagus", Report: "x", Plan: "p", Result: "r1", Value: domain.Loyal}
	done(t)(h.GiveFeedback(ctx, as(dewi), give))
	for slug, change := range map[string]func(*commands.GiveFeedback){
		"report-of-another":  func(c *commands.GiveFeedback) { c.About = eko },
		"plan-of-another":    func(c *commands.GiveFeedback) { c.About, c.Report = eko, "" },
		"report-unknown":     func(c *commands.GiveFeedback) { c.Report = "nothing" },
		"report-withdrawn":   func(c *commands.GiveFeedback) { c.Report = "w" },
		"result-unknown":     func(c *commands.GiveFeedback) { c.Result = "r9" },
		"person-unknown":     func(c *commands.GiveFeedback) { c.About = "stranger" },
		"person-not-serving": func(c *commands.GiveFeedback) { c.About, c.Report, c.Plan, c.Result = gani, "", "", "" },
		"id-malformed":       func(c *commands.GiveFeedback) { c.About = "Ina!" },
		"text-missing":       func(c *commands.GiveFeedback) { c.Text = "" },
	} {
		c := give
		change(&c)
		refused(t, slug)(h.GiveFeedback(ctx, key(as(dewi), "another-key"), c))
	}
}

func TestTwoKeysAreTwoPiecesOfFeedback(t *testing.T) {
	h := newHall(t)
	give := commands.GiveFeedback{About: ina, Tone: feedback.Praise, Text: "Bagus"}
	first := done(t)(h.GiveFeedback(ctx, as(dewi), give))
	second := done(t)(h.GiveFeedback(ctx, key(as(dewi), "another-key"), give))
	if first.Stream == second.Stream {
		t.Fatal("the second is the first")
	}
}

func TestWhatThePersonRepliesWasReadFirst(t *testing.T) {
	h := newHall(t)
	h.given("feedback", "f", wordGiven)
	out := done(t)(h.ReplyFeedback(ctx, as(ina), commands.ReplyFeedback{Feedback: "f", Text: "Terima kasih"}))
	got := h.facts("feedback-f", 1)
	if out.Events != 2 || got[0] != any(feedback.Read{}) || got[1] != any(feedback.Replied{By: ina, Text: sealed(ina, "text", "Terima kasih")}) {
		t.Fatalf("got %#v", got)
	}
}
