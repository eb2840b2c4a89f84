package timeline

import (
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

func TestEveryStatementFitsTheTables(t *testing.T) {
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	projectiontest.Prepare(t, pool, map[string]string{
		"entriesSQL":   entriesSQL,
		"entriesOfSQL": entriesOfSQL,
		"subjectSQL":   subjectSQL,
		"entrySQL":     entrySQL,
	})
}
