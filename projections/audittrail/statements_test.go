package audittrail

import (
	"reflect"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

func TestEveryStatementFitsTheTables(t *testing.T) {
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	projectiontest.Prepare(t, pool, map[string]string{
		"factSQL": factSQL, "originSQL": originSQL, "heardSQL": heardSQL, "reported": reportedSQL, "settled": settleSQL,
		"withdrawn": withdrawnSQL, "corrected": correctedSQL, "rewritten": rewriteSQL,
		"entrySQL": entrySQL, "timelineSQL": timelineSQL, "timelineOfTo": timelineOfTo, "byPositionSQL": byPositionSQL, "byRevisionSQL": byRevisionSQL,
	})
}

func TestEveryClauseFitsTheTables(t *testing.T) {
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	statements := map[string]string{}
	for _, clause := range []string{byStream, byCategory, byNames, byActor, bySubject, byUnit, byIndicator, byPlan, byResult, byCorrelation,
		byCommand, bySource, byCapacity, byKind, byPeriod, byValue, bySlot, bySlotValue, byDayFrom, byDayUntil, byRecorded, byRecordedEnd,
		byAfter, byUpTo, byStaff, bySilent} {
		f := &filter{}
		f.add(clause, make([]any, strings.Count(clause, "?"))...)
		statements[clause] = entrySQL + f.where() + newestFirst + "51"
		statements["count "+clause] = countSQL + f.where() + " limit 1) counted"
	}
	projectiontest.Prepare(t, pool, statements)
}

func TestATrailSurvivesTheWayThroughALink(t *testing.T) {
	trail := projections.Trail{Category: "plan", Names: []string{"plan.opened.v1", "plan.closed.v1"}, Unit: "u1", DayFrom: "2026-01-01",
		AsOf: "2026-02-01", RecordedFrom: projectiontest.Start, After: 3, UpTo: 9, Slot: "status", Value: "draft", SilentOn: "2026-03-01", SilentDays: 30}
	got, err := projections.ParseTrail(trail.Query())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, trail) {
		t.Errorf("got %v, want %v", got, trail)
	}
}
