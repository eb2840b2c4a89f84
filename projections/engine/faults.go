package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// ErrOutage says that the database is out of reach or cannot work now, and no fact
// is to blame. Nothing is parked; deliver again later. What was sent may have been
// stored: the next delivery finds out.
var ErrOutage = errors.New("the read models' database is out of reach or unfit")

// Moved says that the checkpoint is not where the reader thinks: somebody else
// moved it, or facts are missing in between. Read on after Found.
type Moved struct {
	Projection  string
	Seen, Found uint64
}

func (m *Moved) Error() string {
	return fmt.Sprintf("the checkpoint of %s is at %d, not at %d", m.Projection, m.Found, m.Seen)
}

// movedState is the SQLSTATE that the function advance raises.
const movedState = "JK001"

func moved(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	return ok && answer.Code == movedState
}

// outageClasses are the SQLSTATE classes of a server that cannot work now, or not
// for us: no statement is to blame. 08 connection, 25 transaction state (read
// only after a failover), 28 authorization, 40 rollback (deadlock), 53 resources,
// 55 object in use, 57 operator (shutdown, cancel), 58 system, XX internal.
var outageClasses = []string{"08", "25", "28", "40", "53", "55", "57", "58", "XX"}

// permissionDenied stands in the class of wrong SQL, but blames the installation.
const permissionDenied = "42501"

// unreachable tells whether the server's answer is about the server, not the statement.
func unreachable(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (slices.Contains(outageClasses, answer.Code[:2]) || answer.Code == permissionDenied)
}

// outage marks an error as the database's, unless the caller gave up.
func outage(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("%w: %w", ErrOutage, err)
}

// reason is the error's text as it may be kept: without values from the body,
// which PostgreSQL quotes in its details and in the messages about data.
func reason(err error) string {
	text := err.Error()
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		text = strings.Join(strings.Fields(fmt.Sprintf("SQLSTATE %s %s %s %s",
			answer.Code, answer.TableName, answer.ColumnName, answer.ConstraintName)), " ")
		if class := answer.Code[:2]; class == "23" || class == "42" {
			text += ": " + answer.Message
		}
	}
	text = strings.ReplaceAll(text, "\x00", "")
	return strings.ToValidUTF8(text[:min(len(text), MaxReasonBytes)], "")
}
