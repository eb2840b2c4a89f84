package memstore_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/commands/memstore"
	"github.com/jejak-kinerja/jejak/commands/storetest"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

func TestMemoryKeepsTheStorePromise(t *testing.T) {
	ledger, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	storetest.Run(t, func(*testing.T) commands.Store { return memstore.New(ledger, clock.Now) })
}
