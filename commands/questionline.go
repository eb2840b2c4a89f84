package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// QuestionLine is one's own word that the superior on file is wrong. Note may be empty.
func (o *Office) QuestionLine(ctx context.Context, ask Ask, note string) (Outcome, error) {
	id := ask.Actor
	if id == "" {
		_, err := o.needService(ctx, id)
		return Outcome{}, err
	}
	req := o.request(ask, OwnMatter, "", "person", string(id), "question-line", note)
	return carry(ctx, o, person.Decider, string(id), req, func(person.State, *domain.Meta) (orders[person.Command], error) {
		_, err := o.needService(ctx, id)
		return func(w *words) []person.Command {
			return []person.Command{person.QuestionLine{On: o.today(), Note: w.may(id, "note", note)}}
		}, err
	})
}

// CorrectReportingLine replaces a wrong superior on file, for the same first day.
type CorrectReportingLine struct {
	Person   domain.PersonID
	From     domain.Date
	Superior domain.PersonID
	Reason   string
}

// CorrectReportingLine replaces a wrong superior on file; both stay in the record.
func (o *Office) CorrectReportingLine(ctx context.Context, ask Ask, in CorrectReportingLine) (Outcome, error) {
	req := o.request(o.since(ask, in.From), "", "", "person", string(in.Person), "correct-reporting-line",
		string(in.From), string(in.Superior), in.Reason)
	access := checked(
		func() (string, error) { return o.needMasterData(ctx, ask, person.PersonnelAgency) },
		func() error { return o.checkNewSuperior(ctx, in.Person, in.Superior, in.From) })
	return carry(ctx, o, person.Decider, string(in.Person), req, func(_ person.State, m *domain.Meta) (orders[person.Command], error) {
		var err error
		m.Authority, err = access()
		return func(w *words) []person.Command {
			w.reason(in.Person, in.Reason)
			return []person.Command{person.CorrectReportingLine{From: in.From, Superior: in.Superior}}
		}, err
	})
}
