package node

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// prepareConnection makes a connection act as the service role. Every query of the
// node is meant for an index; a plan made while a table was still empty must not
// read it whole for the rest of the connection's life.
func prepareConnection(ctx context.Context, conn *pgx.Conn) error {
	const settings = `set role ` + serviceRole + `;
		set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off;
		set enable_hashjoin = off; set enable_mergejoin = off; set jit = off;
		set bytea_output = 'hex'; set time zone 'UTC'`
	if _, err := conn.Exec(ctx, settings); err != nil {
		return fmt.Errorf("act as %s: %w", serviceRole, err)
	}
	return nil
}
