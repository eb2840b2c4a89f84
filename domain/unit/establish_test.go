package unit_test

import (
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain/unit"
)

func TestEstablish(t *testing.T) {
	order := unit.Establish(established)
	given(t).When(order).Then(established)
	given(t, established).When(order).Then()
	given(t, established, closed).When(order).Then()
	with := func(change func(*unit.Establish)) unit.Establish { c := order; change(&c); return c }
	given(t, established).When(with(func(c *unit.Establish) { c.Name = "Dinas Lain" })).ThenRefused("unit-already-established")
	given(t).When(with(func(c *unit.Establish) { c.Unit = "Dinas" })).ThenRefused("id-malformed")
	given(t).When(with(func(c *unit.Establish) { c.Parent = "Kota Sabang" })).ThenRefused("id-malformed")
	given(t).When(with(func(c *unit.Establish) { c.Parent = c.Unit })).ThenRefused("own-parent")
	given(t).When(with(func(c *unit.Establish) { c.Name = "" })).ThenRefused("text-missing")
	given(t).When(with(func(c *unit.Establish) { c.Kind = "dinas" })).ThenRefused("kind-unknown")
	given(t).When(with(func(c *unit.Establish) { c.Code = strings.Repeat("1", unit.MaxCodeBytes+1) })).ThenRefused("code-too-long")
	given(t).When(with(func(c *unit.Establish) { c.Origin = "a\nb" })).ThenRefused("wording-many-lines")
	given(t).When(with(func(c *unit.Establish) { c.From = "2020" })).ThenRefused("date-malformed")
}
