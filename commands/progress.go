package commands

import (
	"context"
	"slices"
	"strconv"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

// ReportProgress says what the asker did on a day.
type ReportProgress struct {
	// Plan and Result the work counts for; both empty for other work.
	Plan   domain.PlanID
	Result domain.ResultID
	// On is the day; empty is the day of Ask.EffectiveAt, and without that today.
	On domain.Date
	// Quantity in hundredths of Measure; both may be left out.
	Quantity domain.Decimal
	Measure  string
	Text     string
	// LateReason is needed for days older than policy says.
	LateReason string
	Evidence   []EvidenceFile
}

// ReportProgress carries out the order; the outcome's ID is the report's.
func (o *Office) ReportProgress(ctx context.Context, ask Ask, in ReportProgress) (Outcome, error) {
	content := []string{"report-progress", string(in.Plan), string(in.Result), string(in.On),
		strconv.FormatInt(int64(in.Quantity), 10), in.Measure, in.Text, in.LateReason}
	in.On, ask = o.doneOn(ask, in.On)
	req := o.request(ask, OwnMatter, "", append(content, fileContent(in.Evidence)...)...)
	id := domain.ReportID(ask.NewID("progress"))
	return carry(ctx, o, progress.Decider, string(id), req, func(_ progress.State, m *domain.Meta) (orders[progress.Command], error) {
		if err := checkCount(in.Evidence); err != nil {
			return nil, err
		}
		author, err := o.needService(ctx, ask.Actor)
		if err != nil {
			return nil, err
		}
		if err := o.ownResult(ctx, ask.Actor, in.Plan, in.Result); err != nil {
			return nil, err
		}
		numbers, policy, err := o.numbers(ctx, o.today())
		if err != nil {
			return nil, err
		}
		m.Policy = policy
		post, _ := author.MainPostOn(in.On) // no post on file: the report is taken all the same
		return func(w *words) []progress.Command {
			return []progress.Command{progress.Report{
				Report: id, Person: ask.Actor, Superior: superiorFor(author, in.On, o.today()), Unit: post.Unit,
				Plan: in.Plan, Result: in.Result, On: in.On, Quantity: in.Quantity, Measure: in.Measure,
				Text:       w.need(ask.Actor, "text", in.Text),
				LateReason: w.may(ask.Actor, "late_reason", in.LateReason),
				Evidence:   w.files(ask.Actor, in.Evidence),
				Today:      o.today(), ReasonAfterDays: numbers.BackdateReasonDays, RefuseAfterDays: numbers.BackdateLimitDays,
			}}
		}, nil
	})
}

// doneOn settles the day of the work and since when the report holds: one of
// yesterday belongs to yesterday, and to yesterday's week.
func (o *Office) doneOn(ask Ask, on domain.Date) (domain.Date, Ask) {
	if on == "" && !ask.EffectiveAt.IsZero() {
		on = domain.DateOf(ask.EffectiveAt, o.Zone)
	}
	if on == "" {
		on = o.today()
	}
	if on < o.today() {
		ask = o.since(ask, on)
	}
	return on, ask
}

// superiorFor gives the superior of the day reported, and when none is on file
// for that day the present one.
func superiorFor(s person.State, on, today domain.Date) domain.PersonID {
	if superior := s.SuperiorOn(on); superior != "" {
		return superior
	}
	return s.SuperiorOn(today)
}

// ownResult refuses work that would count for somebody else's plan, or for a
// result that the plan does not have.
func (o *Office) ownResult(ctx context.Context, actor domain.PersonID, id domain.PlanID, result domain.ResultID) error {
	if id == "" {
		return nil
	}
	s, err := o.planState(ctx, id)
	if err != nil {
		return err
	}
	if s.Person != actor {
		return domain.Forbid("plan-of-another", "work counts for one's own plan")
	}
	return hasResult(s, result)
}

func hasResult(s plan.State, result domain.ResultID) error {
	_, valid := s.Valid.Result(result)
	_, draft := s.Draft.Result(result)
	if result != "" && !valid && !draft {
		return domain.Missing("result-unknown", "the plan has no such result")
	}
	return nil
}

func (o *Office) planState(ctx context.Context, id domain.PlanID) (plan.State, error) {
	if err := domain.CheckID("plan", string(id)); err != nil {
		return plan.State{}, err
	}
	s, _, err := State(ctx, o.Store, plan.Decider, string(id))
	if err == nil && !s.Exists() {
		err = domain.Missing("plan-unknown", "no such plan")
	}
	return s, err
}

// CorrectProgress says a report better; the former words stay in the record.
type CorrectProgress struct {
	Report   domain.ReportID
	Quantity domain.Decimal
	Measure  string
	Text     string
	Reason   string
	// Drop names evidence to leave out from now on; the rest stays, and Evidence is added.
	Drop     []domain.Sealed
	Evidence []EvidenceFile
}

// CorrectProgress carries out the order, given by the author.
func (o *Office) CorrectProgress(ctx context.Context, ask Ask, in CorrectProgress) (Outcome, error) {
	content := []string{"correct-progress", string(in.Report), strconv.FormatInt(int64(in.Quantity), 10), in.Measure, in.Text, in.Reason}
	for _, d := range in.Drop {
		content = append(content, string(d))
	}
	req := o.request(ask, OwnMatter, "", append(content, fileContent(in.Evidence)...)...)
	return carry(ctx, o, progress.Decider, string(in.Report), req, func(s progress.State, _ *domain.Meta) (orders[progress.Command], error) {
		if err := checkCount(in.Evidence); err != nil {
			return nil, err
		}
		_, err := o.needService(ctx, ask.Actor)
		return func(w *words) []progress.Command {
			kept := slices.DeleteFunc(slices.Clone(s.Evidence), func(e domain.Evidence) bool { return slices.Contains(in.Drop, e.Digest) })
			return []progress.Command{progress.Correct{
				By: ask.Actor, Quantity: in.Quantity, Measure: in.Measure,
				Text:     w.need(s.Person, "text", in.Text),
				Reason:   w.reason(s.Person, in.Reason),
				Evidence: append(kept, w.files(s.Person, in.Evidence)...),
			}}
		}, err
	})
}

// WithdrawProgress takes a report back.
type WithdrawProgress struct {
	Report domain.ReportID
	Reason string
}

// WithdrawProgress carries out the order, given by the author.
func (o *Office) WithdrawProgress(ctx context.Context, ask Ask, in WithdrawProgress) (Outcome, error) {
	req := o.request(ask, OwnMatter, "", "withdraw-progress", string(in.Report), in.Reason)
	return carry(ctx, o, progress.Decider, string(in.Report), req, func(s progress.State, _ *domain.Meta) (orders[progress.Command], error) {
		_, err := o.needService(ctx, ask.Actor)
		return func(w *words) []progress.Command {
			return []progress.Command{progress.Withdraw{By: ask.Actor, Reason: w.reason(s.Person, in.Reason)}}
		}, err
	})
}

// AnswerProgress replies to the superior's question.
type AnswerProgress struct {
	Report domain.ReportID
	Answer string
}

// AnswerProgress carries out the order, given by the author.
func (o *Office) AnswerProgress(ctx context.Context, ask Ask, in AnswerProgress) (Outcome, error) {
	req := o.request(ask, OwnMatter, "", "answer-progress", string(in.Report), in.Answer)
	return carry(ctx, o, progress.Decider, string(in.Report), req, func(s progress.State, _ *domain.Meta) (orders[progress.Command], error) {
		_, err := o.needService(ctx, ask.Actor)
		return func(w *words) []progress.Command {
			return []progress.Command{progress.Answer{By: ask.Actor, Answer: w.need(s.Person, "answer", in.Answer)}}
		}, err
	})
}

func checkCount(files []EvidenceFile) error {
	if len(files) > progress.MaxEvidence {
		return domain.Bad("evidence", "too-much-evidence", "a report takes at most %d files", progress.MaxEvidence)
	}
	return nil
}

func fileContent(files []EvidenceFile) []string {
	var content []string
	for _, f := range files {
		content = append(content, f.MediaType, string(f.Content))
	}
	return content
}
