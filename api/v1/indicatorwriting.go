package v1

import (
	"context"
	"net/http"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
)

// IndicatorPath names an indicator.
type IndicatorPath struct {
	Indicator domain.IndicatorID `path:"indicator" maxLength:"64" doc:"The indicator"`
}

// Source says where a figure comes from.
type Source struct {
	Title string `json:"title" minLength:"1" maxLength:"500"`
	Where string `json:"where,omitempty" maxLength:"500" doc:"Address, page or file"`
	Note  string `json:"note,omitempty" maxLength:"500" doc:"What must be known to read it rightly"`
}

// Figure is a target or a realisation in a period.
type Figure struct {
	Period indicator.Period `json:"period" minLength:"4" maxLength:"15" doc:"2023, 2023-01 or 2024-01/2024-04" example:"2023"`
	Value  domain.Decimal   `json:"value_hundredths" minimum:"-9000000000000" maximum:"9000000000000"`
	Source Source           `json:"source"`
}

type figureRequest struct {
	Deciding
	IndicatorPath
	Body Figure
}

type newIndicator struct {
	Asking
	Body struct {
		Indicator domain.IndicatorID  `json:"indicator" minLength:"1" maxLength:"64" doc:"Id to give: a slug"`
		Name      string              `json:"name" minLength:"1" maxLength:"500"`
		Measure   string              `json:"measure" minLength:"1" maxLength:"500"`
		Direction indicator.Direction `json:"direction" enum:"higher,lower,context"`
		Owner     domain.UnitID       `json:"owner,omitempty" maxLength:"64" doc:"Unit that answers for it"`
	}
}

// indicatorWriting is kept by the performance office.
func (k *desk) indicatorWriting() {
	order(k, operation{id: "define-indicator", path: "/v1/indicators", tag: "indicators", status: http.StatusCreated,
		summary: "Say what is measured", description: "By the performance office."},
		func(ctx context.Context, ask commands.Ask, in *newIndicator) (commands.Outcome, error) {
			return k.Office.DefineIndicator(ctx, ask, indicator.Define(in.Body))
		})
	figures := []struct {
		id, path, summary string
		give              func(context.Context, commands.Ask, domain.IndicatorID, Figure) (commands.Outcome, error)
	}{
		{"set-target", "targets", "Say what is to be reached in a period", func(ctx context.Context, ask commands.Ask, id domain.IndicatorID, f Figure) (commands.Outcome, error) {
			return k.Office.SetTarget(ctx, ask, id, indicator.SetTarget{Period: f.Period, Value: f.Value, Source: indicator.Source(f.Source)})
		}},
		{"revise-target", "target-revisions", "Replace a target", func(ctx context.Context, ask commands.Ask, id domain.IndicatorID, f Figure) (commands.Outcome, error) {
			return k.Office.ReviseTarget(ctx, ask, id, indicator.ReviseTarget{Period: f.Period, Value: f.Value, Source: indicator.Source(f.Source)})
		}},
		{"report-realisation", "realisations", "Say what was reached in a period", func(ctx context.Context, ask commands.Ask, id domain.IndicatorID, f Figure) (commands.Outcome, error) {
			return k.Office.ReportRealisation(ctx, ask, id, indicator.ReportRealisation{Period: f.Period, Value: f.Value, Source: indicator.Source(f.Source)})
		}},
		{"correct-realisation", "realisation-corrections", "Replace a realisation", func(ctx context.Context, ask commands.Ask, id domain.IndicatorID, f Figure) (commands.Outcome, error) {
			return k.Office.CorrectRealisation(ctx, ask, id, indicator.CorrectRealisation{Period: f.Period, Value: f.Value, Source: indicator.Source(f.Source)})
		}},
	}
	for _, f := range figures {
		order(k, operation{id: f.id, path: "/v1/indicators/{indicator}/" + f.path, tag: "indicators", summary: f.summary, description: "By the performance office."},
			func(ctx context.Context, ask commands.Ask, in *figureRequest) (commands.Outcome, error) {
				return f.give(ctx, ask, in.Indicator, in.Body)
			})
	}
	order(k, operation{id: "note-inconsistency", path: "/v1/indicators/{indicator}/inconsistencies", tag: "indicators",
		summary: "Keep a contradiction between sources visible", description: "By the performance office."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			IndicatorPath
			Body struct {
				Period indicator.Period `json:"period" minLength:"4" maxLength:"15"`
				Note   string           `json:"note" minLength:"1" maxLength:"500"`
				Source Source           `json:"source"`
			}
		}) (commands.Outcome, error) {
			return k.Office.NoteInconsistency(ctx, ask, in.Indicator, indicator.NoteInconsistency{Period: in.Body.Period, Note: in.Body.Note, Source: indicator.Source(in.Body.Source)})
		})
}
