package audittrail_test

import (
	"slices"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

func TestATimelineHoldsWhatConcernsThePersonAndNobodyElse(t *testing.T) {
	l := projectiontest.New(t)
	l.Add("person-ani", "", person.Registered{Person: "ani"})
	l.Add("person-budi", "", person.Registered{Person: "budi"})
	l.Add("unit-u", "", unit.HeadAppointed{Person: "ani", From: "2026-01-01"})
	l.Add("progress-1", "ani", progress.Reported{Report: "1", Person: "ani", On: "2026-01-05"})
	l.Add("progress-1", "budi", progress.Acknowledged{By: "budi"}) // says no person: the stream's first fact does
	l.Add("bkn-ani", "", bkn.PlanReported{Plan: "b1", Status: "Persetujuan", Unit: "u", Until: "2026-12-31"})
	l.Add("bkn-ani", "", bkn.PredicateReported{Plan: "b1", Predicate: "baik", Span: domain.Span{From: "2026-01-01", Until: "2026-12-31"}})
	pool := projectiontest.Open(t, pgtest.URL(t), audittrail.Projection())
	projectiontest.Apply(t, pool, l.Facts, audittrail.Projection())

	for _, c := range []struct {
		who    domain.PersonID
		topics []audittrail.Topic
		want   []uint64
	}{
		{"ani", nil, []uint64{7, 6, 5, 4, 3, 1}},
		{"ani", []audittrail.Topic{audittrail.Service}, []uint64{7, 6, 3, 1}},
		{"ani", []audittrail.Topic{audittrail.Progress}, []uint64{5, 4}},
		{"budi", nil, []uint64{2}},
		{"", nil, nil},
	} {
		rows, err := audittrail.Timeline(t.Context(), pool, c.who, c.topics, projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		var got []uint64
		for _, e := range rows.Items {
			got = append(got, e.Position)
			if len(c.topics) == 1 && e.Topic() != c.topics[0] {
				t.Errorf("%s is about %s, asked for %s", e.Name, e.Topic(), c.topics[0])
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("the timeline of %q about %v holds %v, want %v", c.who, c.topics, got, c.want)
		}
	}
}
