package v1

import (
	"context"
	"net/http"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

type newUnit struct {
	Asking
	Body struct {
		Unit   domain.UnitID `json:"unit" minLength:"1" maxLength:"64" doc:"Id to give: a slug of a-z, 0-9, '-' and '.'"`
		Code   string        `json:"code,omitempty" maxLength:"64"`
		Name   string        `json:"name" minLength:"1" maxLength:"500"`
		Kind   unit.Kind     `json:"kind" enum:"kota,perangkat-daerah,bagian,uptd,kecamatan,gampong"`
		Parent domain.UnitID `json:"parent,omitempty" maxLength:"64"`
		From   domain.Date   `json:"from" format:"date"`
		Origin string        `json:"origin,omitempty" maxLength:"500" doc:"Public source of the entry"`
	}
}

// lastDayBody ends something.
type lastDayBody struct {
	LastDay domain.Date `json:"last_day" format:"date"`
}

// unitWriting is master data of units, kept by the personnel agency and the
// performance office.
func (k *desk) unitWriting() {
	order(k, operation{id: "establish-unit", path: "/v1/units", tag: "units", status: http.StatusCreated,
		summary: "Establish a unit", description: "By the personnel agency or the performance office."},
		func(ctx context.Context, ask commands.Ask, in *newUnit) (commands.Outcome, error) {
			return k.Office.EstablishUnit(ctx, ask, unit.Establish(in.Body))
		})
	order(k, operation{id: "rename-unit", path: "/v1/units/{unit}/names", tag: "units",
		summary: "Give a unit another name from a day on", description: "By the personnel agency or the performance office."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			UnitPath
			Body struct {
				Name string      `json:"name" minLength:"1" maxLength:"500"`
				From domain.Date `json:"from" format:"date"`
			}
		}) (commands.Outcome, error) {
			return k.Office.RenameUnit(ctx, ask, in.Unit, unit.Rename(in.Body))
		})
	order(k, operation{id: "alias-unit-code", path: "/v1/units/{unit}/aliases", tag: "units",
		summary: "Let an older code mean the unit", description: "By the personnel agency or the performance office."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			UnitPath
			Body struct {
				Alias string `json:"alias" minLength:"1" maxLength:"64"`
			}
		}) (commands.Outcome, error) {
			return k.Office.AliasUnitCode(ctx, ask, in.Unit, unit.AliasCode(in.Body))
		})
	order(k, operation{id: "close-unit", path: "/v1/units/{unit}/closure", tag: "units",
		summary: "Close a unit after a day", description: "By the personnel agency or the performance office."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Deciding
			UnitPath
			Body lastDayBody
		}) (commands.Outcome, error) {
			return k.Office.CloseUnit(ctx, ask, in.Unit, unit.Close(in.Body))
		})
}
