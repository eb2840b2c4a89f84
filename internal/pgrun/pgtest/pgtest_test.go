package pgtest_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Suite{M: m}) }

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return conn
}

func TestEachTestGetsItsOwnEmptyDatabase(t *testing.T) {
	for range 6 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			conn := connect(t, pgtest.URL(t))
			if _, err := conn.Exec(t.Context(), "CREATE TABLE same_name (n int)"); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestOnlyTheDurableServerSyncs(t *testing.T) {
	for want, url := range map[string]string{"off": pgtest.URL(t), "on": pgtest.DurableServer(t).URL("postgres")} {
		var fsync string
		if err := connect(t, url).QueryRow(t.Context(), "SHOW fsync").Scan(&fsync); err != nil {
			t.Fatal(err)
		}
		if fsync != want {
			t.Errorf("fsync is %s, want %s", fsync, want)
		}
	}
}
