package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// DefineIndicator says what is measured; the unit that answers for it must exist.
func (o *Office) DefineIndicator(ctx context.Context, ask Ask, in indicator.Define) (Outcome, error) {
	return o.onIndicator(ctx, ask, in.Indicator, "define", in, func() error {
		if in.Owner == "" {
			return nil
		}
		return o.checkUnit(ctx, "owner", in.Owner)
	})
}

// SetTarget says what is to be reached in a period.
func (o *Office) SetTarget(ctx context.Context, ask Ask, id domain.IndicatorID, in indicator.SetTarget) (Outcome, error) {
	return o.onIndicator(ctx, ask, id, "set-target", in)
}

// ReviseTarget replaces a target.
func (o *Office) ReviseTarget(ctx context.Context, ask Ask, id domain.IndicatorID, in indicator.ReviseTarget) (Outcome, error) {
	return o.onIndicator(ctx, ask, id, "revise-target", in)
}

// ReportRealisation says what was reached in a period.
func (o *Office) ReportRealisation(ctx context.Context, ask Ask, id domain.IndicatorID, in indicator.ReportRealisation) (Outcome, error) {
	return o.onIndicator(ctx, ask, id, "report-realisation", in)
}

// CorrectRealisation replaces a realisation.
func (o *Office) CorrectRealisation(ctx context.Context, ask Ask, id domain.IndicatorID, in indicator.CorrectRealisation) (Outcome, error) {
	return o.onIndicator(ctx, ask, id, "correct-realisation", in)
}

// NoteInconsistency keeps a contradiction between sources visible.
func (o *Office) NoteInconsistency(ctx context.Context, ask Ask, id domain.IndicatorID, in indicator.NoteInconsistency) (Outcome, error) {
	return o.onIndicator(ctx, ask, id, "note-inconsistency", in)
}

// onIndicator carries out an order of the performance office on an indicator.
func (o *Office) onIndicator(ctx context.Context, ask Ask, id domain.IndicatorID, verb string, command indicator.Command, checks ...func() error) (Outcome, error) {
	access := func() (string, error) { return o.needMasterData(ctx, ask, person.PerformanceOffice) }
	return order(ctx, o, ask, indicator.Decider, string(id), verb, command, checked(access, checks...))
}
