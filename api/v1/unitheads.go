package v1

import (
	"context"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// unitHeads say who leads a unit, and when that ends.
func (k *desk) unitHeads() {
	order(k, operation{id: "appoint-head", path: "/v1/units/{unit}/head", tag: "units",
		summary: "Put a person in charge", description: "By the personnel agency or the performance office."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			UnitPath
			Body struct {
				Person domain.PersonID `json:"person" minLength:"1" maxLength:"64"`
				From   domain.Date     `json:"from" format:"date"`
			}
		}) (commands.Outcome, error) {
			return k.Office.AppointHead(ctx, ask, in.Unit, unit.AppointHead(in.Body))
		})
	order(k, operation{id: "release-head", path: "/v1/units/{unit}/head-release", tag: "units",
		summary: "Leave the head's post vacant after a day", description: "By the personnel agency or the performance office."},
		func(ctx context.Context, ask commands.Ask, in *leaving) (commands.Outcome, error) {
			return k.Office.ReleaseHead(ctx, ask, in.Unit, unit.ReleaseHead(in.Body))
		})
	order(k, operation{id: "assign-acting-head", path: "/v1/units/{unit}/acting-heads", tag: "units",
		summary: "Let a person lead for a span", description: "By the personnel agency or the performance office."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			UnitPath
			Body struct {
				Person   domain.PersonID `json:"person" minLength:"1" maxLength:"64"`
				Capacity domain.Capacity `json:"capacity" enum:"plt,plh"`
				From     domain.Date     `json:"from" format:"date"`
				Until    domain.Date     `json:"until,omitempty" format:"date"`
			}
		}) (commands.Outcome, error) {
			b := in.Body
			return k.Office.AssignActingHead(ctx, ask, in.Unit, unit.AssignActingHead{Person: b.Person, Capacity: b.Capacity,
				Span: domain.Span{From: b.From, Until: b.Until}})
		})
	order(k, operation{id: "end-acting-head", path: "/v1/units/{unit}/acting-head-endings", tag: "units",
		summary: "End an acting head's mandate before its time", description: "By the personnel agency or the performance office."},
		func(ctx context.Context, ask commands.Ask, in *leaving) (commands.Outcome, error) {
			return k.Office.EndActingHead(ctx, ask, in.Unit, unit.EndActingHead(in.Body))
		})
}

// leaving ends somebody's time at the head of a unit.
type leaving struct {
	Deciding
	UnitPath
	Body struct {
		Person  domain.PersonID `json:"person" minLength:"1" maxLength:"64"`
		LastDay domain.Date     `json:"last_day" format:"date"`
	}
}
