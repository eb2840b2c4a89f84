package commands

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
)

// OpenAppraisal starts the appraisal of one person for one period. The same
// appraiser opens the same appraisal once, under whichever key.
type OpenAppraisal struct {
	Person domain.PersonID
	// Plan that is appraised; may be empty.
	Plan domain.PlanID
	Kind appraisal.Kind
	Span domain.Span
}

// OpenAppraisal carries out the order, given by the direct superior on the last
// day of the period, or today while it runs; the outcome's ID is the appraisal's.
func (o *Office) OpenAppraisal(ctx context.Context, ask Ask, in OpenAppraisal) (Outcome, error) {
	seed := fmt.Sprintf("appraisal\x00%s\x00%s\x00%s\x00%s\x00%s\x00%s", in.Person, ask.Actor, in.Plan, in.Kind, in.Span.From, in.Span.Until)
	id := domain.AppraisalID(uuid.NewSHA1(space, []byte(seed)).String())
	req := o.request(ask, AsSuperior, "", "open-appraisal", string(in.Person), string(in.Plan), string(in.Kind),
		string(in.Span.From), string(in.Span.Until))
	return carry(ctx, o, appraisal.Decider, string(id), req, func(_ appraisal.State, m *domain.Meta) (orders[appraisal.Command], error) {
		if err := domain.CheckID("person", string(in.Person)); err != nil {
			return nil, err
		}
		on := o.today()
		if in.Span.Until != "" {
			on = min(on, in.Span.Until)
		}
		var err error
		if m.Authority, err = o.needSuperior(ctx, ask.Actor, in.Person, on); err != nil {
			return nil, err
		}
		unit, err := o.unitAppraised(ctx, in, on)
		return func(*words) []appraisal.Command {
			return []appraisal.Command{appraisal.Open{
				Appraisal: id, Person: in.Person, Appraiser: ask.Actor, Unit: unit, Plan: in.Plan, Kind: in.Kind, Span: in.Span,
			}}
		}, err
	})
}

// unitAppraised is that of the plan, and without a plan that of the main post.
func (o *Office) unitAppraised(ctx context.Context, in OpenAppraisal, on domain.Date) (domain.UnitID, error) {
	if in.Plan != "" {
		s, err := o.planState(ctx, in.Plan)
		if err == nil && s.Person != in.Person {
			err = domain.Bad("plan", "plan-of-another", "this is not a plan of the person")
		}
		return s.Unit, err
	}
	s, err := o.PersonState(ctx, in.Person)
	if err != nil {
		return "", err
	}
	post, ok := s.MainPostOn(on)
	if !ok {
		return "", domain.Refuse("post-missing", "no main post is on file on %s", on)
	}
	return post.Unit, nil
}

// RecordRealisation says what was reached on one result.
type RecordRealisation struct {
	Appraisal domain.AppraisalID
	Result    domain.ResultID
	// Quantity in hundredths of Measure; both may be left out.
	Quantity domain.Decimal
	Measure  string
	// Reports of the person it rests on; without any, NoEvidence says why.
	Reports    []domain.ReportID
	NoEvidence string
}

// RecordRealisation carries out the order, given by the appraiser.
func (o *Office) RecordRealisation(ctx context.Context, ask Ask, in RecordRealisation) (Outcome, error) {
	content := []string{"record-realisation", string(in.Appraisal), string(in.Result),
		strconv.FormatInt(int64(in.Quantity), 10), in.Measure, in.NoEvidence}
	for _, r := range in.Reports {
		content = append(content, string(r))
	}
	req := o.request(ask, AsSuperior, "", content...)
	return carry(ctx, o, appraisal.Decider, string(in.Appraisal), req, func(s appraisal.State, _ *domain.Meta) (orders[appraisal.Command], error) {
		if _, err := o.needService(ctx, ask.Actor); err != nil {
			return nil, err
		}
		if s.Exists() && s.Appraiser == ask.Actor { // else the stream refuses, and nothing is to be learnt here
			if err := o.restsOn(ctx, s, in); err != nil {
				return nil, err
			}
		}
		return func(w *words) []appraisal.Command {
			return []appraisal.Command{appraisal.RecordRealisation{
				By: ask.Actor, Result: in.Result, Quantity: in.Quantity, Measure: in.Measure, Reports: in.Reports,
				NoEvidence: w.may(s.Person, "no_evidence", in.NoEvidence),
			}}
		}, nil
	})
}

// restsOn refuses a result that is not in the plan and reports that are not the person's.
func (o *Office) restsOn(ctx context.Context, s appraisal.State, in RecordRealisation) error {
	if len(in.Reports) > appraisal.MaxReports {
		return domain.Bad("reports", "too-many-reports", "a realisation rests on at most %d reports", appraisal.MaxReports)
	}
	if s.Plan != "" {
		p, err := o.planState(ctx, s.Plan)
		if err != nil {
			return err
		}
		if err := hasResult(p, in.Result); err != nil {
			return err
		}
	}
	for _, id := range in.Reports {
		if err := o.reportOf(ctx, s.Person, id); err != nil {
			return err
		}
	}
	return nil
}

// DeliverAppraisal hands the appraisal to the person; given by the appraiser.
func (o *Office) DeliverAppraisal(ctx context.Context, ask Ask, id domain.AppraisalID) (Outcome, error) {
	req := o.request(ask, AsSuperior, "", "deliver-appraisal", string(id))
	return carry(ctx, o, appraisal.Decider, string(id), req, func(appraisal.State, *domain.Meta) (orders[appraisal.Command], error) {
		_, err := o.needService(ctx, ask.Actor)
		return func(*words) []appraisal.Command { return []appraisal.Command{appraisal.Deliver{By: ask.Actor}} }, err
	})
}

// ReceiveAppraisal says that the asker has their appraisal.
func (o *Office) ReceiveAppraisal(ctx context.Context, ask Ask, id domain.AppraisalID) (Outcome, error) {
	req := o.request(ask, OwnMatter, "", "receive-appraisal", string(id))
	return carry(ctx, o, appraisal.Decider, string(id), req, func(appraisal.State, *domain.Meta) (orders[appraisal.Command], error) {
		_, err := o.needService(ctx, ask.Actor)
		return func(*words) []appraisal.Command { return []appraisal.Command{appraisal.Receive{By: ask.Actor}} }, err
	})
}
