package v1

import (
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// Edit is one change of what a plan says; which members count depends on do.
type Edit struct {
	Do          string          `json:"do" enum:"add-result,amend-result,withdraw-result,set-indicator,remove-indicator,expect-behaviour"`
	Result      domain.ResultID `json:"result,omitempty" maxLength:"64" doc:"The result; choose one when adding, or leave it out to be given one"`
	Kind        plan.ResultKind `json:"kind,omitempty" enum:"utama,tambahan" doc:"add-result"`
	Wording     string          `json:"wording,omitempty" maxLength:"500" doc:"add-result, amend-result, set-indicator"`
	Serves      *Serves         `json:"serves,omitempty" doc:"add-result, amend-result: what the result serves"`
	Key         string          `json:"key,omitempty" maxLength:"64" doc:"set-indicator (the next free one when left out), remove-indicator"`
	Aspect      plan.Aspect     `json:"aspect,omitempty" enum:"kuantitas,kualitas,waktu,biaya,penerima-layanan,proses-bisnis,penguatan-internal,anggaran" doc:"set-indicator"`
	Target      domain.Decimal  `json:"target_hundredths,omitempty" minimum:"0" maximum:"9000000000000" doc:"set-indicator"`
	Measure     string          `json:"measure,omitempty" maxLength:"500" doc:"set-indicator"`
	Value       domain.Value    `json:"value,omitempty" enum:"berorientasi-pelayanan,akuntabel,kompeten,harmonis,loyal,adaptif,kolaboratif" doc:"expect-behaviour"`
	Expectation string          `json:"expectation,omitempty" maxLength:"500" doc:"expect-behaviour; empty takes it away"`
}

// Serves links a result to what it serves: a result of the superior's plan, or
// an indicator of the city.
type Serves struct {
	Plan      domain.PlanID      `json:"plan,omitempty" maxLength:"64"`
	Result    domain.ResultID    `json:"result,omitempty" maxLength:"64"`
	Indicator domain.IndicatorID `json:"indicator,omitempty" maxLength:"64"`
}

func (s *Serves) stored() plan.Serves {
	if s == nil {
		return plan.Serves{}
	}
	return plan.Serves(*s)
}

func planEdits(edits []Edit) ([]commands.PlanEdit, error) {
	list := make([]commands.PlanEdit, len(edits))
	for i, e := range edits {
		switch e.Do {
		case "add-result":
			list[i] = plan.AddResult{Result: e.Result, Kind: e.Kind, Wording: e.Wording, Serves: e.Serves.stored()}
		case "amend-result":
			list[i] = plan.AmendResult{Result: e.Result, Wording: e.Wording, Serves: e.Serves.stored()}
		case "withdraw-result":
			list[i] = plan.WithdrawResult{Result: e.Result}
		case "set-indicator":
			list[i] = plan.SetIndicator{Result: e.Result, Key: e.Key, Wording: e.Wording, Aspect: e.Aspect, Target: e.Target, Measure: e.Measure}
		case "remove-indicator":
			list[i] = plan.RemoveIndicator{Result: e.Result, Key: e.Key}
		case "expect-behaviour":
			list[i] = plan.ExpectBehaviour{Value: e.Value, Expectation: e.Expectation}
		default:
			return nil, domain.Bad("edits", "edit-unknown", "no such edit")
		}
	}
	return list, nil
}
