package unitpage

import (
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

func TestEveryStatementFitsTheTables(t *testing.T) {
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	projectiontest.Prepare(t, pool, map[string]string{
		"reportSQL":       reportSQL,
		"turnSQL":         turnSQL,
		"withdrawSQL":     withdrawSQL,
		"correctSQL":      correctSQL,
		"feedbackSQL":     feedbackSQL,
		"openPlanSQL":     openPlanSQL,
		"statusSQL":       statusSQL,
		"rewriteSQL":      rewriteSQL,
		"openSQL":         openSQL,
		"deriveSQL":       deriveSQL,
		"plansSQL":        plansSQL,
		"predicatesSQL":   predicatesSQL,
		"weeksSQL":        weeksSQL,
		"staffSQL":        staffSQL,
		"heardSQL":        heardSQL,
		"silentSQL":       silentSQL,
		"silentCountSQL":  silentCountSQL,
		"waitingSQL":      waitingSQL,
		"waitingCountSQL": waitingCountSQL,
	})
}
