package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain/intake"
	"github.com/jejak-kinerja/jejak/domain/person"
)

// StartImport begins to bring in a file of reports, or goes on with it.
func (o *Office) StartImport(ctx context.Context, ask Ask, in intake.Start) (Outcome, error) {
	return o.onImport(ctx, ask, in.File, "start", in)
}

// StoreChunk says that rows of a chunk are in the ledger.
func (o *Office) StoreChunk(ctx context.Context, ask Ask, file string, in intake.StoreChunk) (Outcome, error) {
	return o.onImport(ctx, ask, file, "store-chunk", in)
}

// CommitImport closes the import with its balance.
func (o *Office) CommitImport(ctx context.Context, ask Ask, file string) (Outcome, error) {
	return o.onImport(ctx, ask, file, "commit", intake.Commit{})
}

// ImportState says how much of a file, named by its SHA-256 in hex, is in the ledger.
func (o *Office) ImportState(ctx context.Context, file string) (intake.State, error) {
	s, _, err := State(ctx, o.Store, intake.Decider, file)
	return s, err
}

// onImport carries out an order of the personnel agency, or of the operator at
// the machine, on the import of a file.
func (o *Office) onImport(ctx context.Context, ask Ask, file, verb string, command intake.Command) (Outcome, error) {
	access := func() (string, error) { return o.needMasterData(ctx, ask, person.PersonnelAgency) }
	return order(ctx, o, ask, intake.Decider, file, verb, command, access)
}
