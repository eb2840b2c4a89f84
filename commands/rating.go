package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
)

// RateResult judges the work's results.
type RateResult struct {
	Appraisal domain.AppraisalID
	Rating    appraisal.Rating
	// Note may be empty.
	Note string
}

// RateResult carries out the order, given by the appraiser.
func (o *Office) RateResult(ctx context.Context, ask Ask, in RateResult) (Outcome, error) {
	req := o.request(ask, AsSuperior, "", "rate-result", string(in.Appraisal), string(in.Rating), in.Note)
	return carry(ctx, o, appraisal.Decider, string(in.Appraisal), req, func(s appraisal.State, _ *domain.Meta) (orders[appraisal.Command], error) {
		if _, err := o.needService(ctx, ask.Actor); err != nil {
			return nil, err
		}
		var expected []domain.ResultID
		if s.Plan != "" {
			p, err := o.planState(ctx, s.Plan)
			if err != nil {
				return nil, err
			}
			expected = p.Binding().MainResults()
		}
		return func(w *words) []appraisal.Command {
			return []appraisal.Command{appraisal.RateResult{
				By: ask.Actor, Rating: in.Rating, Note: w.may(s.Person, "note", in.Note), Expected: expected,
			}}
		}, nil
	})
}

// RateBehaviour judges the behaviour on the seven values and on the whole.
type RateBehaviour struct {
	Appraisal domain.AppraisalID
	// Values holds each of the seven exactly once, in any order.
	Values []appraisal.ValueRating
	Rating appraisal.Rating
	// Note may be empty.
	Note string
}

// RateBehaviour carries out the order, given by the appraiser.
func (o *Office) RateBehaviour(ctx context.Context, ask Ask, in RateBehaviour) (Outcome, error) {
	content := []string{"rate-behaviour", string(in.Appraisal), string(in.Rating), in.Note}
	for _, v := range in.Values {
		content = append(content, string(v.Value), string(v.Rating))
	}
	req := o.request(ask, AsSuperior, "", content...)
	return carry(ctx, o, appraisal.Decider, string(in.Appraisal), req, func(s appraisal.State, _ *domain.Meta) (orders[appraisal.Command], error) {
		_, err := o.needService(ctx, ask.Actor)
		return func(w *words) []appraisal.Command {
			return []appraisal.Command{appraisal.RateBehaviour{
				By: ask.Actor, Values: in.Values, Rating: in.Rating, Note: w.may(s.Person, "note", in.Note),
			}}
		}, err
	})
}

// ChangeScore replaces one rating: the appraiser before delivery, after that the
// appraiser's direct superior.
type ChangeScore struct {
	Appraisal domain.AppraisalID
	Dimension appraisal.Dimension
	// Old is the rating the asker saw.
	Old    appraisal.Rating
	New    appraisal.Rating
	Reason string
	// Reference names the decision behind it where there is one.
	Reference string
}

// ChangeScore carries out the order; who asks decides the authority recorded.
func (o *Office) ChangeScore(ctx context.Context, ask Ask, in ChangeScore) (Outcome, error) {
	req := o.request(ask, AsSuperior, "", "change-score", string(in.Appraisal), string(in.Dimension),
		string(in.Old), string(in.New), in.Reason, in.Reference)
	return carry(ctx, o, appraisal.Decider, string(in.Appraisal), req, func(s appraisal.State, m *domain.Meta) (orders[appraisal.Command], error) {
		if _, err := o.needService(ctx, ask.Actor); err != nil {
			return nil, err
		}
		authority := appraisal.ByAppraiser
		var superior domain.PersonID
		if s.Exists() && ask.Actor != s.Appraiser {
			appraiser, err := o.PersonState(ctx, s.Appraiser)
			if err != nil {
				return nil, err
			}
			authority, superior, m.Authority = appraisal.ByAppraisersSuperior, appraiser.SuperiorOn(o.today()), AsUpperLine
		}
		return func(w *words) []appraisal.Command {
			return []appraisal.Command{appraisal.ChangeScore{
				By: ask.Actor, Dimension: in.Dimension, Old: in.Old, New: in.New, Reason: w.reason(s.Person, in.Reason),
				Authority: authority, Reference: in.Reference, Superior: superior,
			}}
		}, nil
	})
}
