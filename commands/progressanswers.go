package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

// AcknowledgeProgress takes note of a report.
type AcknowledgeProgress struct {
	Report domain.ReportID
	// Note may be empty.
	Note string
}

// AcknowledgeProgress carries out the order, given by the superior.
func (o *Office) AcknowledgeProgress(ctx context.Context, ask Ask, in AcknowledgeProgress) (Outcome, error) {
	req := o.request(ask, AsSuperior, "", "acknowledge-progress", string(in.Report), in.Note)
	return carry(ctx, o, progress.Decider, string(in.Report), req, func(s progress.State, _ *domain.Meta) (orders[progress.Command], error) {
		onFile, err := o.answering(ctx, ask.Actor, s)
		return func(w *words) []progress.Command {
			return []progress.Command{progress.Acknowledge{By: ask.Actor, OnFile: onFile, Note: w.may(s.Person, "note", in.Note)}}
		}, err
	})
}

// MaxAcknowledgements in one request: a screen full of reports.
const MaxAcknowledgements = 100

// Acknowledgement is what became of one report of a batch.
type Acknowledgement struct {
	Report  domain.ReportID
	Outcome Outcome
	// Err is the refusal; nil when the report is acknowledged.
	Err error
}

// AcknowledgeAll takes note of many reports, each on its own: one refused does
// not hold back the others. The error is about the request as a whole.
func (o *Office) AcknowledgeAll(ctx context.Context, ask Ask, reports []domain.ReportID) ([]Acknowledgement, error) {
	if len(reports) == 0 || len(reports) > MaxAcknowledgements {
		return nil, domain.Bad("reports", "reports-count", "acknowledge 1 to %d reports at once", MaxAcknowledgements)
	}
	ask.IfMatch = nil // a revision is that of one report
	answers := make([]Acknowledgement, 0, len(reports))
	for _, id := range reports {
		out, err := o.AcknowledgeProgress(ctx, ask, AcknowledgeProgress{Report: id})
		switch domain.KindOf(err) {
		case 0, domain.Unavailable, domain.Unauthenticated: // not about this report: stop, the request may be repeated
			if err != nil {
				return answers, err
			}
		}
		answers = append(answers, Acknowledgement{id, out, err})
	}
	return answers, nil
}

// QuestionProgress asks the author for more.
type QuestionProgress struct {
	Report   domain.ReportID
	Question string
}

// QuestionProgress carries out the order, given by the superior.
func (o *Office) QuestionProgress(ctx context.Context, ask Ask, in QuestionProgress) (Outcome, error) {
	req := o.request(ask, AsSuperior, "", "question-progress", string(in.Report), in.Question)
	return carry(ctx, o, progress.Decider, string(in.Report), req, func(s progress.State, _ *domain.Meta) (orders[progress.Command], error) {
		onFile, err := o.answering(ctx, ask.Actor, s)
		return func(w *words) []progress.Command {
			return []progress.Command{progress.Question{By: ask.Actor, OnFile: onFile, Question: w.need(s.Person, "question", in.Question)}}
		}, err
	})
}

// answering gives the superior whom the reporting line names beside the one in
// the report: the actor, when the line names the actor for the day reported or
// for today, so that a successor may clear what the predecessor left.
func (o *Office) answering(ctx context.Context, actor domain.PersonID, s progress.State) (domain.PersonID, error) {
	if _, err := o.needService(ctx, actor); err != nil || !s.Exists() {
		return "", err
	}
	author, err := o.PersonState(ctx, s.Person)
	if err != nil {
		return "", err
	}
	if author.SuperiorOn(s.On) == actor || author.SuperiorOn(o.today()) == actor {
		return actor, nil
	}
	return "", nil
}
