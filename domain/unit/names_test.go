package unit_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain/unit"
)

func TestRename(t *testing.T) {
	order := unit.Rename{Name: "Dinas Baru", From: "2025-01-01"}
	given(t, established).When(order).Then(unit.Renamed(order))
	given(t, established, unit.Renamed(order)).When(order).Then()
	given(t, established).When(unit.Rename{Name: "Dinas Baru", From: "2019-12-31"}).ThenRefused("before-unit")
	given(t, established).When(unit.Rename{Name: "Dinas Baru"}).ThenRefused("date-malformed")
	given(t, established).When(unit.Rename{From: "2025-01-01"}).ThenRefused("text-missing")
}

func TestAliasCode(t *testing.T) {
	order := unit.AliasCode{Alias: "1.17.01"}
	given(t, established).When(order).Then(unit.CodeAliased(order))
	given(t, established, unit.CodeAliased(order)).When(order).Then()
	given(t, established).When(unit.AliasCode{Alias: "1.02"}).Then()
	given(t, established).When(unit.AliasCode{}).ThenRefused("text-missing")
}

func TestClose(t *testing.T) {
	order := unit.Close{LastDay: "2026-06-30"}
	given(t, established).When(order).Then(closed)
	given(t, established, closed).When(order).Then()
	given(t, established).When(unit.Close{}).ThenRefused("date-malformed")
	given(t, established).When(unit.Close{LastDay: "2019-12-31"}).ThenRefused("before-unit")
}
