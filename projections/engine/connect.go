package engine

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Schema is the PostgreSQL schema of all read models; the names in a
// projection's SQL are unqualified.
const Schema = "readmodel"

// Connect makes a pool of up to conns connections whose search_path is Schema,
// for the engine and for the queries of the projections alike. It does not wait
// for the server.
func Connect(ctx context.Context, url string, conns int32) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read models: %w", err)
	}
	config.MaxConns = conns
	config.ConnConfig.RuntimeParams["search_path"] = Schema
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("read models: %w", err)
	}
	return pool, nil
}
