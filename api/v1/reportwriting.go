package v1

import (
	"context"
	"net/http"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// Said is what a report says, new or corrected.
type Said struct {
	Quantity domain.Decimal `json:"quantity_hundredths,omitempty" minimum:"0" maximum:"9000000000000" doc:"How much was done, in hundredths of measure"`
	Measure  string         `json:"measure,omitempty" maxLength:"500" doc:"Unit of the quantity" example:"dokumen"`
	Text     string         `json:"text" minLength:"1" maxLength:"4000" doc:"What was done"`
	Evidence []File         `json:"evidence,omitempty" maxItems:"5" doc:"Files that support it; the whole request has at most 256 KiB"`
}

// File is a file that supports a report.
type File struct {
	MediaType string `json:"media_type" enum:"image/jpeg,image/png,image/webp,application/pdf"`
	Content   []byte `json:"content" doc:"The file, base64"`
}

func (s Said) files() []commands.EvidenceFile {
	var files []commands.EvidenceFile
	for _, e := range s.Evidence {
		files = append(files, commands.EvidenceFile(e))
	}
	return files
}

type newReport struct {
	Asking
	Body struct {
		Said
		Plan       domain.PlanID   `json:"plan,omitempty" maxLength:"64" doc:"Plan and result that the work counts for; leave out for other work"`
		Result     domain.ResultID `json:"result,omitempty" maxLength:"64"`
		On         domain.Date     `json:"on,omitempty" format:"date" doc:"Day of the work; today when left out"`
		LateReason string          `json:"late_reason,omitempty" maxLength:"4000" doc:"Why an old day is reported only now"`
	}
}

type correction struct {
	Deciding
	ReportPath
	Body struct {
		Said
		Reason string          `json:"reason" minLength:"1" maxLength:"4000" doc:"Why it is corrected"`
		Drop   []domain.Sealed `json:"drop,omitempty" maxItems:"5" doc:"Digests of evidence to leave out from now on"`
	}
}

// reportWriting are the author's own facts.
func (k *desk) reportWriting() {
	order(k, operation{id: "report-progress", path: "/v1/reports", tag: "reports", status: http.StatusCreated,
		summary: "Report what you did on a day", description: "For yourself. The superior on file sees it at once."},
		func(ctx context.Context, ask commands.Ask, in *newReport) (commands.Outcome, error) {
			b := in.Body
			return k.Office.ReportProgress(ctx, ask, commands.ReportProgress{
				Plan: b.Plan, Result: b.Result, On: b.On, Quantity: b.Quantity, Measure: b.Measure,
				Text: b.Text, LateReason: b.LateReason, Evidence: b.files(),
			})
		})
	order(k, operation{id: "correct-report", path: "/v1/reports/{report}/correction", tag: "reports",
		summary: "Say a report better", description: "By the author. The former words stay in the record; an acknowledged report must be acknowledged again."},
		func(ctx context.Context, ask commands.Ask, in *correction) (commands.Outcome, error) {
			b := in.Body
			return k.Office.CorrectProgress(ctx, ask, commands.CorrectProgress{
				Report: in.Report, Quantity: b.Quantity, Measure: b.Measure, Text: b.Text, Reason: b.Reason,
				Drop: b.Drop, Evidence: b.files(),
			})
		})
}
