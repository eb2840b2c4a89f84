package cityhome

import (
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

func TestEveryStatementFitsTheTables(t *testing.T) {
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	projectiontest.Prepare(t, pool, map[string]string{
		"openSQL":             openSQL,
		"deriveSQL":           deriveSQL,
		"reportSQL":           reportSQL,
		"withdrawSQL":         withdrawSQL,
		"feedbackSQL":         feedbackSQL,
		"defineSQL":           defineSQL,
		"pointSQL":            pointSQL,
		"indicatorsSQL":       indicatorsSQL,
		"yearsSQL":            yearsSQL,
		"predicatesSQL":       predicatesSQL,
		"predicatesByUnitSQL": predicatesByUnitSQL,
		"weeksSQL":            weeksSQL,
		"heardSQL":            heardSQL,
		"silentSQL":           silentSQL,
		"silentCountsSQL":     silentCountsSQL,
	})
}
