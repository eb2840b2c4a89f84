package inbox

import (
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

func TestEveryStatementFitsTheTables(t *testing.T) {
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	projectiontest.Prepare(t, pool, map[string]string{
		"reportedSQL": reportedSQL, "answeredSQL": answeredSQL, "openSQL": openSQL,
		"otherSQL":   otherSQL,
		"dueSQL":     dueSQL,
		"askSQL":     askSQL,
		"doneSQL":    doneSQL,
		"doneOneSQL": doneOneSQL,
		"doneForSQL": doneForSQL,
		"personSQL":  personSQL,
		"otherToDo":  otherToDo,
		"otherIfDo":  otherIfDo,
		"replySQL":   replySQL,
		"itemsSQL":   itemsSQL,
		"countsSQL":  countsSQL,
	})
}
