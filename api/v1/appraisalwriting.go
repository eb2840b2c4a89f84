package v1

import (
	"context"
	"net/http"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
)

// AppraisalPath names an appraisal.
type AppraisalPath struct {
	Appraisal domain.AppraisalID `path:"appraisal" maxLength:"64" doc:"The appraisal"`
}

type newAppraisal struct {
	Asking
	Body struct {
		Person domain.PersonID `json:"person" minLength:"1" maxLength:"64"`
		Plan   domain.PlanID   `json:"plan,omitempty" maxLength:"64" doc:"The plan appraised"`
		Kind   appraisal.Kind  `json:"kind" enum:"periodik,tahunan"`
		From   domain.Date     `json:"from" format:"date"`
		Until  domain.Date     `json:"until" format:"date"`
	}
}

type realisation struct {
	Deciding
	AppraisalPath
	Body struct {
		Result     domain.ResultID   `json:"result" minLength:"1" maxLength:"64"`
		Quantity   domain.Decimal    `json:"quantity_hundredths,omitempty" minimum:"0" maximum:"9000000000000"`
		Measure    string            `json:"measure,omitempty" maxLength:"500"`
		Reports    []domain.ReportID `json:"reports,omitempty" maxItems:"200" doc:"Reports of the person it rests on"`
		NoEvidence string            `json:"no_evidence,omitempty" maxLength:"4000" doc:"Why there are none"`
	}
}

type behaviourRating struct {
	Deciding
	AppraisalPath
	Body struct {
		Values []ValueRating    `json:"values" minItems:"7" maxItems:"7" doc:"Each of the seven values once"`
		Rating appraisal.Rating `json:"rating" enum:"di-bawah,sesuai,di-atas"`
		Note   string           `json:"note,omitempty" maxLength:"4000"`
	}
}

// ValueRating judges one of the seven values.
type ValueRating struct {
	Value  domain.Value     `json:"value" enum:"berorientasi-pelayanan,akuntabel,kompeten,harmonis,loyal,adaptif,kolaboratif"`
	Rating appraisal.Rating `json:"rating" enum:"di-bawah,sesuai,di-atas"`
}

// appraisalWriting are the appraiser's facts.
func (k *desk) appraisalWriting() {
	order(k, operation{id: "open-appraisal", path: "/v1/appraisals", tag: "appraisals", status: http.StatusCreated,
		summary: "Begin the appraisal of a person", description: "By the direct superior; once for each person, plan, kind and period."},
		func(ctx context.Context, ask commands.Ask, in *newAppraisal) (commands.Outcome, error) {
			b := in.Body
			return k.Office.OpenAppraisal(ctx, ask, commands.OpenAppraisal{Person: b.Person, Plan: b.Plan, Kind: b.Kind,
				Span: domain.Span{From: b.From, Until: b.Until}})
		})
	order(k, operation{id: "record-realisation", path: "/v1/appraisals/{appraisal}/realisations", tag: "appraisals",
		summary: "Say what was reached on one result", description: "By the appraiser; it rests on reports, or says why there are none."},
		func(ctx context.Context, ask commands.Ask, in *realisation) (commands.Outcome, error) {
			b := in.Body
			return k.Office.RecordRealisation(ctx, ask, commands.RecordRealisation{Appraisal: in.Appraisal, Result: b.Result,
				Quantity: b.Quantity, Measure: b.Measure, Reports: b.Reports, NoEvidence: b.NoEvidence})
		})
	order(k, operation{id: "rate-result", path: "/v1/appraisals/{appraisal}/result-rating", tag: "appraisals",
		summary: "Judge the results of the work", description: "By the appraiser, once every main result has its realisation."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			AppraisalPath
			Body struct {
				Rating appraisal.Rating `json:"rating" enum:"di-bawah,sesuai,di-atas"`
				Note   string           `json:"note,omitempty" maxLength:"4000"`
			}
		}) (commands.Outcome, error) {
			return k.Office.RateResult(ctx, ask, commands.RateResult{Appraisal: in.Appraisal, Rating: in.Body.Rating, Note: in.Body.Note})
		})
	order(k, operation{id: "rate-behaviour", path: "/v1/appraisals/{appraisal}/behaviour-rating", tag: "appraisals",
		summary: "Judge the behaviour", description: "By the appraiser. With both ratings the predicate follows."},
		func(ctx context.Context, ask commands.Ask, in *behaviourRating) (commands.Outcome, error) {
			values := make([]appraisal.ValueRating, len(in.Body.Values))
			for i, v := range in.Body.Values {
				values[i] = appraisal.ValueRating(v)
			}
			return k.Office.RateBehaviour(ctx, ask, commands.RateBehaviour{Appraisal: in.Appraisal, Values: values, Rating: in.Body.Rating, Note: in.Body.Note})
		})
	k.appraisalTurns()
}

// appraisalTurns are what follows the ratings.
func (k *desk) appraisalTurns() {
	order(k, operation{id: "change-score", path: "/v1/appraisals/{appraisal}/score-changes", tag: "appraisals",
		summary: "Replace a rating", description: "By the appraiser before delivery, after it by the appraiser's superior; from what to what, and why."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			AppraisalPath
			Body struct {
				Dimension appraisal.Dimension `json:"dimension" enum:"hasil-kerja,perilaku-kerja"`
				Old       appraisal.Rating    `json:"old" enum:"di-bawah,sesuai,di-atas" doc:"The rating that was seen"`
				New       appraisal.Rating    `json:"new" enum:"di-bawah,sesuai,di-atas"`
				Reason    string              `json:"reason" minLength:"1" maxLength:"4000"`
				Reference string              `json:"reference,omitempty" maxLength:"500" doc:"Decision behind it, where there is one"`
			}
		}) (commands.Outcome, error) {
			b := in.Body
			return k.Office.ChangeScore(ctx, ask, commands.ChangeScore{Appraisal: in.Appraisal, Dimension: b.Dimension,
				Old: b.Old, New: b.New, Reason: b.Reason, Reference: b.Reference})
		})
	order(k, operation{id: "deliver-appraisal", path: "/v1/appraisals/{appraisal}/delivery", tag: "appraisals",
		summary: "Hand an appraisal to the person", description: "By the appraiser."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			AppraisalPath
		}) (commands.Outcome, error) {
			return k.Office.DeliverAppraisal(ctx, ask, in.Appraisal)
		})
	order(k, operation{id: "receive-appraisal", path: "/v1/appraisals/{appraisal}/receipt", tag: "appraisals",
		summary: "Say that you have your appraisal", description: "By the person; deadlines run from here."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			AppraisalPath
		}) (commands.Outcome, error) {
			return k.Office.ReceiveAppraisal(ctx, ask, in.Appraisal)
		})
}
