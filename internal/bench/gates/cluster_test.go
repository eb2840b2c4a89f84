package gates

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/bench"
	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// stopLimit bounds the end of a cluster that has to write much.
const stopLimit = time.Minute

// cluster is a durable PostgreSQL of a test's own; every variant has a database
// of its own in it.
type cluster struct {
	t      testing.TB
	server *pgrun.Server
	bases  int
}

// newCluster starts one that is large enough not to be busy with checkpoints
// while it is measured. All variants run on the same settings.
func newCluster(t testing.TB) *cluster {
	t.Helper()
	dir, err := os.MkdirTemp("", "jejak-gates-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil { // the server's own account walks through
		t.Fatal(err)
	}
	server, err := pgrun.Start(t.Context(), pgrun.Options{Dir: dir, Settings: map[string]string{
		"shared_buffers": "1GB", "max_wal_size": "16GB", "checkpoint_timeout": "1h", "max_connections": "300",
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
		defer cancel()
		if err := server.Stop(ctx); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return &cluster{t: t, server: server}
}

func (c *cluster) meter() bench.Meter { return bench.Processes(c.server.PID()) }

// database makes an empty one, durable, and gives its URL.
func (c *cluster) database() string {
	c.t.Helper()
	c.bases++
	name := fmt.Sprint("gate", c.bases)
	conn, err := pgx.Connect(c.t.Context(), c.server.URL("postgres"))
	if err != nil {
		c.t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(c.t.Context()))
	if _, err := conn.Exec(c.t.Context(), "create database "+name+" template template0"); err != nil {
		c.t.Fatal(err)
	}
	return c.server.URL(name)
}

// pool connects to a database with up to so many connections, and makes sure that
// it is durable.
func (c *cluster) pool(url string, connections int, schema ...string) *pgxpool.Pool {
	c.t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		c.t.Fatal(err)
	}
	config.MaxConns = int32(connections)
	pool, err := pgxpool.NewWithConfig(c.t.Context(), config)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(pool.Close)
	if err := bench.MustBeDurable(c.t.Context(), pool); err != nil {
		c.t.Fatal(err)
	}
	if _, err := pool.Exec(c.t.Context(), strings.Join(schema, ";"), pgx.QueryExecModeSimpleProtocol); err != nil {
		c.t.Fatal(err)
	}
	return pool
}
