package web

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// actOnPlan carries out one of the forms on a plan's page.
func (s *Site) actOnPlan(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	id := domain.PlanID(chi.URLParam(r, "plan"))
	action := chi.URLParam(r, "action")
	f.Action = planForm(action, domain.ResultID(f.get("result")), f.get("key"))
	out, err := s.onPlan(r, f, action, id)
	if status, ok := f.refused(r, err); ok {
		f.Problem = planFault(f, action, f.Problem)
		return s.showPlan(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return s.sentTo(w, r, planHref(id), planSpot(r.Context(), f, action), out)
}

// planForm names a form of the page: the same action is offered for each result.
func planForm(action string, result domain.ResultID, key string) string {
	return strings.Join(strings.FieldsFunc(action+" "+string(result)+" "+key, func(c rune) bool { return c == ' ' }), "-")
}

// planSpot is where on the page the eye should be after the action.
func planSpot(ctx context.Context, f form, action string) string {
	switch action {
	case "tambah-hasil":
		return "h-" + f.ask(ctx).NewID(resultKind)
	case "ubah-hasil", "ukuran", "hapus-ukuran":
		return "h-" + f.get("result")
	case "ekspektasi":
		return "perilaku"
	}
	return ""
}

// sentTo is sent with a spot on the page to come back to.
func (s *Site) sentTo(w http.ResponseWriter, r *http.Request, back, spot string, out commands.Outcome) error {
	if spot == "" {
		return s.sent(w, r, back, out)
	}
	s.settled(r.Context(), out.Position)
	http.Redirect(w, r, back+"?tercatat="+strconv.FormatUint(out.Position, 10)+"#"+spot, http.StatusSeeOther)
	return nil
}

func (s *Site) onPlan(r *http.Request, f form, action string, id domain.PlanID) (commands.Outcome, error) {
	ctx := r.Context()
	ask := f.ask(ctx)
	switch action {
	case "ajukan":
		return s.Office.SubmitPlan(ctx, ask, commands.SubmitPlan{Plan: id, Content: f.get("content")})
	case "tandatangani":
		return s.Office.SignPlan(ctx, ask, commands.SignPlan{Plan: id, Content: f.get("content")})
	case "kembalikan":
		return s.Office.ReturnPlan(ctx, ask, commands.ReturnPlan{Plan: id, Reason: f.get("reason")})
	case "cabut":
		return s.Office.WithdrawSignature(ctx, ask, commands.WithdrawSignature{Plan: id, Reason: f.get("reason")})
	case "penilai":
		return s.Office.ChangePlanAppraiser(ctx, ask, commands.ChangePlanAppraiser{Plan: id, Appraiser: domain.PersonID(f.get("appraiser"))})
	}
	edits, err := planEdits(f, ask, action)
	if err != nil {
		return commands.Outcome{}, err
	}
	return s.Office.EditPlan(ctx, ask, id, edits)
}

// resultKind names, in a command's ids, the result that its form adds.
const resultKind = "page-result"

// planEdits reads the changes of the content that a form asks for.
func planEdits(f form, ask commands.Ask, action string) ([]commands.PlanEdit, error) {
	result, key := domain.ResultID(f.get("result")), f.get("key")
	switch action {
	case "tambah-hasil":
		result = domain.ResultID(ask.NewID(resultKind))
		edits := []commands.PlanEdit{plan.AddResult{Result: result, Kind: plan.ResultKind(cmp.Or(f.get("kind"), string(plan.Main))), Wording: oneLine(f.get("wording")), Serves: servesOf(f.get("serves"))}}
		if f.get("indicator")+f.get("target")+f.get("measure") == "" {
			return edits, nil
		}
		set, err := indicatorIn(f, result, "", "indicator")
		return append(edits, set), err
	case "ubah-hasil":
		return []commands.PlanEdit{plan.AmendResult{Result: result, Wording: oneLine(f.get("wording")), Serves: servesOf(f.get("serves"))}}, nil
	case "hapus-hasil":
		return []commands.PlanEdit{plan.WithdrawResult{Result: result}}, nil
	case "ukuran":
		set, err := indicatorIn(f, result, key, "wording")
		return []commands.PlanEdit{set}, err
	case "hapus-ukuran":
		return []commands.PlanEdit{plan.RemoveIndicator{Result: result, Key: key}}, nil
	case "ekspektasi":
		return expectations(f)
	}
	return nil, domain.Missing("page-unknown", "no such action")
}

func indicatorIn(f form, result domain.ResultID, key, wording string) (plan.SetIndicator, error) {
	if f.get("target") == "" {
		return plan.SetIndicator{}, domain.Bad("target", "number-malformed", "a target is needed")
	}
	target, err := decimal("target", f.get("target"))
	return plan.SetIndicator{Result: result, Key: key, Wording: oneLine(f.get(wording)), Aspect: plan.Aspect(f.get("aspect")), Target: target, Measure: f.get("measure")}, err
}

// expectations are sent for all seven values; what is as before makes no fact.
func expectations(f form) ([]commands.PlanEdit, error) {
	var edits []commands.PlanEdit
	for _, v := range domain.Values {
		text := oneLine(f.get(string(v)))
		if text != "" {
			if err := domain.CheckWording(string(v), text); err != nil {
				return nil, err
			}
		}
		edits = append(edits, plan.ExpectBehaviour{Value: v, Expectation: text})
	}
	return edits, nil
}

// planFault leads to the right field where one form holds two wordings.
func planFault(f form, action string, problem *domain.Error) *domain.Error {
	if action == "tambah-hasil" && problem.Field == "wording" && domain.CheckWording("wording", oneLine(f.get("wording"))) == nil {
		moved := *problem
		moved.Field = "indicator"
		return &moved
	}
	return problem
}

// oneLine makes one line of a text that a phone's field has wrapped.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// seen lets a form that was not taken be sent again on what its page now shows;
// under a new key when the old one has served for something else already.
func (f form) seen(revision int64) form {
	if f.Problem == nil {
		return f
	}
	f.Values.Set(revisionField, strconv.FormatInt(revision, 10))
	if f.Problem.Slug == "idempotency-key-reused" {
		f.Key = blank().Key
	}
	return f
}
