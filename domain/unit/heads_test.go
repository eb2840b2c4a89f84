package unit_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

func TestAppointHead(t *testing.T) {
	order := unit.AppointHead{Person: "budi", From: "2021-01-01"}
	given(t, established).When(order).Then(appointed)
	given(t, established, appointed).When(order).Then()
	next := unit.AppointHead{Person: "eka", From: "2023-01-01"}
	given(t, established, appointed).When(next).Then(unit.HeadAppointed(next))

	given(t, established).When(unit.AppointHead{Person: "budi", From: "2019-12-31"}).ThenRefused("before-unit")
	given(t, established).When(unit.AppointHead{From: "2021-01-01"}).ThenRefused("id-missing")
	given(t, established, appointed).When(unit.AppointHead{Person: "eka", From: "2021-01-01"}).ThenRefused("head-later-on-file")
	given(t, established, vacancy).When(unit.AppointHead{Person: "eka", From: "2022-01-01"}).ThenRefused("acting-head-on-file")
}

func TestAnAppointmentEndsTheMandateForAVacantPostButNotForAnAbsentHolder(t *testing.T) {
	given(t, established, vacancy).When(unit.AppointHead{Person: "eka", From: "2022-03-01"}).
		Then(unit.ActingHeadEnded{Person: "cut", LastDay: "2022-02-28"}, unit.HeadAppointed{Person: "eka", From: "2022-03-01"})
	given(t, established, absence).When(unit.AppointHead{Person: "eka", From: "2021-05-10"}).
		Then(unit.HeadAppointed{Person: "eka", From: "2021-05-10"})
	given(t, established, vacancy).When(unit.AppointHead{Person: "eka", From: "2022-07-01"}).
		Then(unit.HeadAppointed{Person: "eka", From: "2022-07-01"})
}

func TestReleaseHead(t *testing.T) {
	order := unit.ReleaseHead{Person: "budi", LastDay: "2021-12-31"}
	released := unit.HeadReleased(order)
	given(t, established, appointed).When(order).Then(released)
	given(t, established, appointed, released).When(order).Then()
	given(t, established, appointed).When(unit.ReleaseHead{Person: "eka", LastDay: "2021-12-31"}).ThenRefused("not-the-head")
	given(t, established, vacancy).When(unit.ReleaseHead{Person: "cut", LastDay: "2022-03-01"}).ThenRefused("not-the-head")
	given(t, established, appointed).When(unit.ReleaseHead{Person: "budi", LastDay: "2020-12-31"}).ThenRefused("last-day-before-start")
	given(t, established, appointed).When(unit.ReleaseHead{Person: "budi"}).ThenRefused("date-malformed")
}

func TestAssignActingHead(t *testing.T) {
	order := unit.AssignActingHead(vacancy)
	given(t, established).When(order).Then(vacancy)
	given(t, established, vacancy).When(order).Then()
	given(t, established, appointed, vacancy).When(unit.AssignActingHead{Person: "dewi", Capacity: domain.ActingVacant, Span: domain.Span{From: "2022-07-01"}}).
		Then(unit.ActingHeadAssigned{Person: "dewi", Capacity: domain.ActingVacant, Span: domain.Span{From: "2022-07-01"}})

	with := func(change func(*unit.AssignActingHead)) unit.AssignActingHead { c := order; change(&c); return c }
	given(t, established).When(with(func(c *unit.AssignActingHead) { c.Capacity = domain.Definitive })).ThenRefused("capacity-not-acting")
	given(t, established).When(with(func(c *unit.AssignActingHead) { c.Capacity = domain.Delegated })).ThenRefused("capacity-not-acting")
	given(t, established).When(with(func(c *unit.AssignActingHead) { c.Person = "" })).ThenRefused("id-missing")
	given(t, established).When(with(func(c *unit.AssignActingHead) { c.Span.From = "" })).ThenRefused("date-malformed")
	given(t, established).When(with(func(c *unit.AssignActingHead) { c.Span.Until = "besok" })).ThenRefused("date-malformed")
	given(t, established).When(with(func(c *unit.AssignActingHead) { c.Span.Until = "2021-12-31" })).ThenRefused("last-day-before-start")
	given(t, established).When(with(func(c *unit.AssignActingHead) { c.Span.From = "2019-01-01" })).ThenRefused("before-unit")
	for _, span := range []domain.Span{{From: "2022-06-30"}, {From: "2021-06-01"}, {From: "2021-06-01", Until: "2022-01-01"}, {From: "2022-02-01", Until: "2022-03-01"}} {
		given(t, established, vacancy).When(unit.AssignActingHead{Person: "dewi", Capacity: domain.ActingAbsent, Span: span}).ThenRefused("acting-head-on-file")
	}
}

func TestEndActingHead(t *testing.T) {
	order := unit.EndActingHead{Person: "cut", LastDay: "2022-03-31"}
	ended := unit.ActingHeadEnded(order)
	given(t, established, vacancy).When(order).Then(ended)
	given(t, established, vacancy, ended).When(order).Then()
	given(t, established, vacancy).When(unit.EndActingHead{Person: "cut", LastDay: "2022-06-30"}).Then()
	given(t, established, vacancy).When(unit.EndActingHead{Person: "dewi", LastDay: "2022-03-31"}).ThenRefused("not-the-head")
	given(t, established, appointed).When(unit.EndActingHead{Person: "budi", LastDay: "2022-03-31"}).ThenRefused("not-the-head")
	given(t, established, vacancy).When(unit.EndActingHead{Person: "cut", LastDay: "2021-12-31"}).ThenRefused("last-day-before-start")
	given(t, established, vacancy).When(unit.EndActingHead{Person: "cut"}).ThenRefused("date-malformed")
}

func TestEndingOneMandateLeavesThePersonsNextOneAlone(t *testing.T) {
	again := unit.ActingHeadAssigned{Person: "cut", Capacity: domain.ActingVacant, Span: domain.Span{From: "2022-07-01"}}
	s := unit.Decider.Fold(unit.State{}, established, vacancy, again, unit.ActingHeadEnded{Person: "cut", LastDay: "2022-03-31"})
	if head, _ := s.HeadOn("2022-08-01"); head.Person != "cut" {
		t.Error("the next mandate was ended too")
	}
	if _, ok := s.HeadOn("2022-04-01"); ok {
		t.Error("the mandate was not ended")
	}
}
