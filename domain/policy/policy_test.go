package policy_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/policy"
	"github.com/jejak-kinerja/jejak/domain/spec"
)

func given(t *testing.T, facts ...policy.Event) spec.Case[policy.State, policy.Command, policy.Event] {
	t.Helper()
	return spec.Given(t, policy.Decider, facts...)
}

func published(version int, from domain.Date) policy.VersionPublished {
	n := policy.Defaults()
	n.SilentDays += version
	return policy.VersionPublished{Policy: policy.Performance, Version: version, From: from, Numbers: n, Basis: "Surat edaran contoh"}
}

var one, two = published(1, "2026-01-01"), published(2, "2026-07-01")

func TestEvolveIsTotal(t *testing.T) {
	spec.EvolveIsTotal(t, policy.Decider, spec.AnyEvent[policy.Event](policy.Stored))
}

func TestPublish(t *testing.T) {
	given(t).When(policy.Publish(one)).Then(one)
	given(t, one).When(policy.Publish(one)).Then()
	given(t, one).When(policy.Publish(two)).Then(two)
	given(t, one, two).When(policy.Publish(one)).Then()
	given(t, one).When(policy.Publish(published(2, "2026-01-01"))).Then(published(2, "2026-01-01"))
}

func TestPublishIsRefused(t *testing.T) {
	with := func(change func(*policy.Publish)) policy.Publish { c := policy.Publish(two); change(&c); return c }
	given(t, one).When(with(func(c *policy.Publish) { c.Policy = "Kinerja" })).ThenRefused("id-malformed")
	given(t, one).When(with(func(c *policy.Publish) { c.From = "segera" })).ThenRefused("date-malformed")
	given(t, one).When(with(func(c *policy.Publish) { c.Basis = "" })).ThenRefused("text-missing")
	given(t, one).When(with(func(c *policy.Publish) { c.From = "2025-12-31" })).ThenRefused("from-before-previous")
	given(t, one).When(with(func(c *policy.Publish) { c.Version = 3 })).ThenRefused("version-gap")
	given(t, one).When(with(func(c *policy.Publish) { c.Version = 0 })).ThenRefused("version-gap")
	given(t).When(policy.Publish(two)).ThenRefused("version-gap")
	given(t, one).When(with(func(c *policy.Publish) { c.Version = 1 })).ThenRefused("version-already-published")
	given(t, one).When(with(func(c *policy.Publish) { c.Numbers.BackdateReasonDays, c.Numbers.BackdateLimitDays = 32, 31 })).ThenRefused("backdate-limits-crossed")
}

func TestEveryNumberOfDaysIsBounded(t *testing.T) {
	fields := []func(*policy.Numbers) *int{
		func(n *policy.Numbers) *int { return &n.SilentDays }, func(n *policy.Numbers) *int { return &n.StaleWorkdays },
		func(n *policy.Numbers) *int { return &n.BackdateReasonDays }, func(n *policy.Numbers) *int { return &n.BackdateLimitDays },
		func(n *policy.Numbers) *int { return &n.ProvisionalLinkDays }, func(n *policy.Numbers) *int { return &n.ObjectionDays },
	}
	for i, field := range fields {
		for _, days := range []int{-1, 0, policy.MaxDays + 1} {
			order := policy.Publish(one)
			*field(&order.Numbers) = days
			given(t).When(order).ThenRefused("days-out-of-range")
			if t.Failed() {
				t.Fatalf("field %d with %d", i, days)
			}
		}
	}
}

func TestTheDefaultsMayBePublished(t *testing.T) {
	order := policy.Publish{Policy: policy.Performance, Version: 1, From: "2026-01-01", Numbers: policy.Defaults(), Basis: "Usulan awal"}
	given(t).When(order).Then(policy.VersionPublished(order))
	if want := (policy.Numbers{30, 3, 7, 31, 30, 14}); policy.Defaults() != want {
		t.Errorf("the defaults are %+v, want %+v", policy.Defaults(), want)
	}
}

func TestRetire(t *testing.T) {
	order := policy.Retire{Version: 1, LastDay: "2026-03-31"}
	retired := policy.VersionRetired(order)
	given(t, one).When(order).Then(retired)
	given(t, one, retired).When(order).Then()
	given(t, one, retired).When(policy.Retire{Version: 1, LastDay: "2026-04-30"}).ThenRefused("version-already-retired")
	given(t, one).When(policy.Retire{Version: 1, LastDay: "2025-12-31"}).ThenRefused("last-day-before-start")
	given(t, one).When(policy.Retire{Version: 2, LastDay: "2026-03-31"}).ThenRefused("version-unknown")
	given(t, one).When(policy.Retire{Version: 1}).ThenRefused("date-malformed")
}

func TestTheNumbersValidOnADay(t *testing.T) {
	sameDay := published(3, "2026-07-01")
	s := policy.Decider.Fold(policy.State{}, one, two, sameDay, policy.VersionRetired{Version: 3, LastDay: "2026-12-31"})
	for day, want := range map[domain.Date]int{"2025-12-31": 0, "2026-01-01": 1, "2026-06-30": 1, "2026-07-01": 3, "2026-12-31": 3, "2027-01-01": 0} {
		numbers, version, ok := s.On(day)
		if ok != (want != 0) || ok && (version != want || numbers.SilentDays != 30+want) {
			t.Errorf("on %s version %d with %+v, %v; want %d", day, version, numbers, ok, want)
		}
	}
}
