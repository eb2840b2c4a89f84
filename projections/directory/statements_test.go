package directory

import (
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

func TestEveryStatementFitsTheTables(t *testing.T) {
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	projectiontest.Prepare(t, pool, map[string]string{
		"registerSQL":      registerSQL,
		"standingSQL":      standingSQL,
		"endMainSQL":       endMainSQL,
		"assignSQL":        assignSQL,
		"endPostSQL":       endPostSQL,
		"lineSQL":          lineSQL,
		"correctSQL":       correctSQL,
		"questionSQL":      questionSQL,
		"seenPersonSQL":    seenPersonSQL,
		"seenUnitSQL":      seenUnitSQL,
		"grantSQL":         grantSQL,
		"revokeSQL":        revokeSQL,
		"separateSQL":      separateSQL,
		"destroySQL":       destroySQL,
		"establishSQL":     establishSQL,
		"nameSQL":          nameSQL,
		"aliasSQL":         aliasSQL,
		"endDefinitiveSQL": endDefinitiveSQL,
		"endActingSQL":     endActingSQL,
		"headSQL":          headSQL,
		"closeSQL":         closeSQL,
		"personasSQL":      personasSQL,
		"personOnSQL":      personOnSQL,
		"personSQL":        personSQL,
		"peopleSQL":        peopleSQL,
		"staffSQL":         staffSQL,
		"servantsSQL":      servantsSQL,
		"subordinateSQL":   subordinateSQL,
		"exceptionSQL":     exceptionSQL,
		"unitOnSQL":        unitOnSQL,
		"unitSQL":          unitSQL,
		"unitByCodeSQL":    unitByCodeSQL,
		"unitsSQL":         unitsSQL,
		"headSQLOne":       headSQLOne,
		"postsSQL":         postsSQL,
		"linesSQL":         linesSQL,
	})
}
