package main

import (
	"context"
	"log/slog"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/vault"
)

// vaultLacks is for the log: it happens when a database was put back to a state from
// before the texts were sealed.
const vaultLacks = "the vault does not hold, or cannot open, what the ledger names; see the runbook, The event store holds another log"

// texts reveals what the vault holds. What it does not hold is marked in the answer
// and told in the log; the page shows all the rest.
func (r *rooms) texts(ctx context.Context, digests []domain.Sealed) (map[domain.Sealed]vault.Text, error) {
	texts, err := r.vault.Reveal(ctx, digests)
	texts, faults, err := vault.GiveRest(digests, texts, err)
	if faults != nil {
		r.log.ErrorContext(ctx, vaultLacks, slog.Any("error", faults))
	}
	return texts, err
}

// revealed adapts what the vault reveals to the edge's own types.
func revealed[K comparable, V, W any](from func(context.Context, []K) (map[K]V, error), as func(V) W) func(context.Context, []K) (map[K]W, error) {
	return func(ctx context.Context, keys []K) (map[K]W, error) {
		values, err := from(ctx, keys)
		out := make(map[K]W, len(values))
		for k, v := range values {
			out[k] = as(v)
		}
		return out, err
	}
}
