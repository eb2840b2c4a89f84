package v1

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/policy"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
)

// homeWeeks is a quarter of a year of columns.
const homeWeeks = 12

// Home is the city's figures; each says where the facts behind it are listed.
type Home struct {
	Year       string           `json:"year,omitempty" doc:"Year of the predicates; missing while there are none"`
	Predicates []PredicateCount `json:"predicates"`
	Weeks      []Week           `json:"weeks" doc:"The last twelve, the oldest first"`
	Silent     SilentCount      `json:"without_feedback"`
}

// PredicateCount is how many annual appraisals of a year stand at a predicate.
type PredicateCount struct {
	Predicate  appraisal.Predicate `json:"predicate"`
	Appraisals int64               `json:"appraisals"`
	Trail      string              `json:"trail"`
}

// Week counts what happened in the seven days from a Monday.
type Week struct {
	Monday        domain.Date `json:"monday"`
	Reports       int64       `json:"reports"`
	ReportsTrail  string      `json:"reports_trail"`
	Feedback      int64       `json:"feedback"`
	FeedbackTrail string      `json:"feedback_trail"`
}

// SilentCount is how many people have had no feedback for too long.
type SilentCount struct {
	On     domain.Date `json:"on"`
	Days   int         `json:"days"`
	Silent int64       `json:"silent"`
	Staff  int64       `json:"staff"`
	Trail  string      `json:"trail"`
}

func (k *desk) home() {
	read(k, operation{id: "get-home", path: "/v1/home", tag: "home", summary: "The city's figures",
		description: "Predicates, reports and feedback by week, and how many people are without feedback. The indicators are at /v1/indicators."},
		func(ctx context.Context, in *struct{ Reading }) (*One[Home], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			home := Home{Predicates: []PredicateCount{}, Weeks: []Week{}}
			for _, fill := range []func(context.Context, *Home) error{k.predicates, k.weeks, k.silent} {
				if err := fill(ctx, &home); err != nil {
					return nil, err
				}
			}
			return &One[Home]{Fresh: fresh, Body: home}, nil
		})
}

func (k *desk) predicates(ctx context.Context, home *Home) error {
	years, err := cityhome.PredicateYears(ctx, k.Read)
	if err != nil || len(years) == 0 {
		return err
	}
	home.Year = years[0]
	counts, err := cityhome.Predicates(ctx, k.Read, home.Year, appraisal.Annual)
	for _, c := range counts {
		home.Predicates = append(home.Predicates, PredicateCount{Predicate: c.Predicate, Appraisals: c.Appraisals, Trail: trailOf(c.Trail())})
	}
	return err
}

func (k *desk) weeks(ctx context.Context, home *Home) error {
	weeks, err := cityhome.Weeks(ctx, k.Read, "", k.today(), homeWeeks)
	for _, w := range weeks {
		home.Weeks = append(home.Weeks, Week{Monday: w.Monday, Reports: w.Reports, ReportsTrail: trailOf(w.ReportsTrail()),
			Feedback: w.Feedback, FeedbackTrail: trailOf(w.FeedbackTrail())})
	}
	return err
}

func (k *desk) silent(ctx context.Context, home *Home) error {
	now, _, err := k.policy(ctx, policy.Performance)
	if err != nil {
		return err
	}
	city, _, err := cityhome.SilentCounts(ctx, k.Read, k.today(), now.Numbers.SilentDays)
	home.Silent = SilentCount{On: city.On, Days: city.Days, Silent: city.Silent, Staff: city.Staff, Trail: trailOf(city.Trail())}
	return err
}
