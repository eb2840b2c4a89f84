package bench

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Querier is a connection or a pool.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// MustBeDurable fails when the database would forget a commit in a power cut, or
// when this session would: then nothing measured on it counts.
func MustBeDurable(ctx context.Context, db Querier) error {
	rows, err := db.Query(ctx, `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')`)
	if err != nil {
		return fmt.Errorf("read the settings of durability: %w", err)
	}
	var name, value string
	found := 0
	_, err = pgx.ForEachRow(rows, []any{&name, &value}, func() error {
		if found++; value != "on" {
			return fmt.Errorf("%s is %s", name, value)
		}
		return nil
	})
	if err == nil && found != 3 {
		err = fmt.Errorf("%d of 3 settings were found", found)
	}
	if err != nil {
		return fmt.Errorf("read the settings of durability: %w", err)
	}
	return nil
}
