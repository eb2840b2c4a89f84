package v1

import (
	"context"
	"net/http"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// ReportPath names a report.
type ReportPath struct {
	Report domain.ReportID `path:"report" maxLength:"64" doc:"The report"`
}

// reportAnswers are the facts that follow a report.
func (k *desk) reportAnswers() {
	order(k, operation{id: "acknowledge-report", path: "/v1/reports/{report}/acknowledgement", tag: "reports",
		summary: "Take note of a report", description: "By the superior."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			ReportPath
			Body struct {
				Note string `json:"note,omitempty" maxLength:"4000" doc:"A word to the author"`
			}
		}) (commands.Outcome, error) {
			return k.Office.AcknowledgeProgress(ctx, ask, commands.AcknowledgeProgress{Report: in.Report, Note: in.Body.Note})
		})
	order(k, operation{id: "question-report", path: "/v1/reports/{report}/question", tag: "reports",
		summary: "Ask the author for more", description: "By the superior."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			ReportPath
			Body struct {
				Question string `json:"question" minLength:"1" maxLength:"4000"`
			}
		}) (commands.Outcome, error) {
			return k.Office.QuestionProgress(ctx, ask, commands.QuestionProgress{Report: in.Report, Question: in.Body.Question})
		})
	order(k, operation{id: "answer-report", path: "/v1/reports/{report}/answer", tag: "reports",
		summary: "Answer the superior's question", description: "By the author."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			ReportPath
			Body struct {
				Answer string `json:"answer" minLength:"1" maxLength:"4000"`
			}
		}) (commands.Outcome, error) {
			return k.Office.AnswerProgress(ctx, ask, commands.AnswerProgress{Report: in.Report, Answer: in.Body.Answer})
		})
	order(k, operation{id: "withdraw-report", path: "/v1/reports/{report}/withdrawal", tag: "reports",
		summary: "Take a report back", description: "By the author. It stays in the record."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			ReportPath
			Body ReasonBody
		}) (commands.Outcome, error) {
			return k.Office.WithdrawProgress(ctx, ask, commands.WithdrawProgress{Report: in.Report, Reason: in.Body.Reason})
		})
	k.acknowledgeMany()
}

// ReasonBody is all that some orders say.
type ReasonBody struct {
	Reason string `json:"reason" minLength:"1" maxLength:"4000" doc:"Why"`
}

// Acknowledged is what became of one report of many.
type Acknowledged struct {
	Report  domain.ReportID `json:"report"`
	Receipt *Receipt        `json:"receipt,omitempty" doc:"Set when it is acknowledged"`
	Code    string          `json:"code,omitempty" doc:"Why it was refused"`
}

type acknowledgements struct {
	Body struct {
		Items []Acknowledged `json:"items"`
	}
}

// acknowledgeMany answers for each report apart: one refused holds back no other.
func (k *desk) acknowledgeMany() {
	serve(k, operation{id: "acknowledge-reports", method: http.MethodPost, path: "/v1/report-acknowledgements", tag: "reports",
		summary: "Take note of many reports", description: "By their superior; each report is answered apart.", status: http.StatusOK},
		func(ctx context.Context, in *struct {
			Asking
			Body struct {
				Reports []domain.ReportID `json:"reports" minItems:"1" maxItems:"100" uniqueItems:"true"`
			}
		}) (*acknowledgements, error) {
			ask, err := in.ask(ctx)
			if err != nil {
				return nil, err
			}
			answers, err := k.Office.AcknowledgeAll(ctx, ask, in.Body.Reports)
			if err != nil {
				return nil, err
			}
			out := &acknowledgements{}
			for _, a := range answers {
				item := Acknowledged{Report: a.Report, Code: domain.SlugOf(a.Err)}
				if a.Err == nil {
					item.Receipt = &stored(a.Outcome).Body
				}
				out.Body.Items = append(out.Body.Items, item)
			}
			return out, nil
		})
}
