package v1

import (
	"context"
	"net/http"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// PlanPath names a plan.
type PlanPath struct {
	Plan domain.PlanID `path:"plan" maxLength:"64" doc:"The plan"`
}

type newPlan struct {
	Asking
	Body struct {
		Post  string      `json:"post,omitempty" maxLength:"64" doc:"Key of an acting post; the main post when left out"`
		From  domain.Date `json:"from,omitempty" format:"date" doc:"First day; this year when both days are left out"`
		Until domain.Date `json:"until,omitempty" format:"date" doc:"Last day, in the same year"`
	}
}

// signedBody names what was seen and is signed.
type signedBody struct {
	Content string `json:"content" minLength:"1" maxLength:"128" doc:"Digest of the content that was seen"`
}

// planWriting are the facts of a plan's life.
func (k *desk) planWriting() {
	order(k, operation{id: "open-plan", path: "/v1/plans", tag: "plans", status: http.StatusCreated,
		summary: "Open your plan of a year", description: "There is one for each post and year, whichever key asks for it."},
		func(ctx context.Context, ask commands.Ask, in *newPlan) (commands.Outcome, error) {
			return k.Office.OpenPlan(ctx, ask, commands.OpenPlan{Post: in.Body.Post, Span: domain.Span{From: in.Body.From, Until: in.Body.Until}})
		})
	order(k, operation{id: "edit-plan", path: "/v1/plans/{plan}/edits", tag: "plans",
		summary: "Change what a plan says", description: "By the employee: all edits or none. Any change voids both signatures."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PlanPath
			Body struct {
				Edits []Edit `json:"edits" minItems:"1" maxItems:"100"`
			}
		}) (commands.Outcome, error) {
			edits, err := planEdits(in.Body.Edits)
			if err != nil {
				return commands.Outcome{}, err
			}
			return k.Office.EditPlan(ctx, ask, in.Plan, edits)
		})
	order(k, operation{id: "submit-plan", path: "/v1/plans/{plan}/submission", tag: "plans",
		summary: "Offer a plan for signature and sign it as employee"},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PlanPath
			Body struct {
				Content string `json:"content,omitempty" maxLength:"128" doc:"Digest of the content that was seen; what is there when left out"`
			}
		}) (commands.Outcome, error) {
			return k.Office.SubmitPlan(ctx, ask, commands.SubmitPlan{Plan: in.Plan, Content: in.Body.Content})
		})
	order(k, operation{id: "sign-plan", path: "/v1/plans/{plan}/signature", tag: "plans",
		summary: "Sign a plan", description: "As employee or as appraiser, by who asks. When both signed the same content the plan is established."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PlanPath
			Body signedBody
		}) (commands.Outcome, error) {
			return k.Office.SignPlan(ctx, ask, commands.SignPlan{Plan: in.Plan, Content: in.Body.Content})
		})
	k.planTurns()
}

// planTurns are the facts that send a plan back or end it.
func (k *desk) planTurns() {
	order(k, operation{id: "return-plan", path: "/v1/plans/{plan}/return", tag: "plans",
		summary: "Send a plan back to its author", description: "By the appraiser."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PlanPath
			Body ReasonBody
		}) (commands.Outcome, error) {
			return k.Office.ReturnPlan(ctx, ask, commands.ReturnPlan{Plan: in.Plan, Reason: in.Body.Reason})
		})
	order(k, operation{id: "withdraw-signature", path: "/v1/plans/{plan}/signature-withdrawal", tag: "plans",
		summary: "Reopen an established plan", description: "By the employee or the appraiser. The established version stays valid until the next one is."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PlanPath
			Body ReasonBody
		}) (commands.Outcome, error) {
			return k.Office.WithdrawSignature(ctx, ask, commands.WithdrawSignature{Plan: in.Plan, Reason: in.Body.Reason})
		})
	order(k, operation{id: "close-plan", path: "/v1/plans/{plan}/closure", tag: "plans",
		summary: "End a plan", description: "By the appraiser or the personnel agency."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PlanPath
			Body struct {
				LastDay domain.Date     `json:"last_day" format:"date"`
				Cause   plan.CloseCause `json:"cause" enum:"akhir-tahun,mutasi,berhenti"`
			}
		}) (commands.Outcome, error) {
			return k.Office.ClosePlan(ctx, ask, commands.ClosePlan{Plan: in.Plan, LastDay: in.Body.LastDay, Cause: in.Body.Cause})
		})
	order(k, operation{id: "change-plan-appraiser", path: "/v1/plans/{plan}/appraiser", tag: "plans",
		summary: "Let a plan follow the reporting line", description: "By the employee, the new appraiser or the personnel agency; the appraiser is the direct superior on file."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			PlanPath
			Body struct {
				Appraiser domain.PersonID `json:"appraiser" minLength:"1" maxLength:"64"`
			}
		}) (commands.Outcome, error) {
			return k.Office.ChangePlanAppraiser(ctx, ask, commands.ChangePlanAppraiser{Plan: in.Plan, Appraiser: in.Body.Appraiser})
		})
}
