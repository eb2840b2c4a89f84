package main

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/backup"
	"github.com/jejak-kinerja/jejak/internal/vault"
)

// compareWith opens the restored product and holds it against this one.
func (r *rooms) compareWith(ctx context.Context, there *Config, m backup.Manifest, term terminal, report *drilled) (err error) {
	other, err := openRooms(ctx, there, r.log, true) // without leases: nobody else writes its read models
	if err != nil {
		return fmt.Errorf("open what was restored: %w", err)
	}
	defer func() { err = errors.Join(err, other.close(context.WithoutCancel(ctx))) }()
	if err := r.compareLogs(ctx, other, m, term, report); err != nil {
		return err
	}
	for n := range report.ReadModels {
		if err := r.compareModel(ctx, other, &report.ReadModels[n], term, report); err != nil {
			return err
		}
	}
	if err := r.compareVaults(ctx, other, report); err != nil {
		return err
	}
	report.Equal = len(report.Differences) == 0
	return nil
}

func (d *drilled) differ(format string, args ...any) {
	d.Differences = append(d.Differences, fmt.Sprintf(format, args...))
}

// compareLogs reads both logs once more, without the backup between them, up to
// where the backup ends.
func (r *rooms) compareLogs(ctx context.Context, other *rooms, m backup.Manifest, term terminal, report *drilled) error {
	p, n := newProgress(term.err), 0
	var digest backup.Digest
	mine, stop := iter.Pull2(r.rawEvents(ctx, backup.Cursor{}, m.Head(), m.Whole))
	defer stop()
	for restored, err := range other.rawEvents(ctx, backup.Cursor{}, backup.Cursor{Commit: uint64(m.Events), Prepare: uint64(m.Events)}, true) {
		if err != nil {
			return err
		}
		original, err, more := mine()
		if err != nil {
			return err
		}
		same := more && restored.Same(original)
		if report.PlacesKept {
			same = same && restored.Position == original.Position && restored.Created.Equal(original.Created)
		}
		if !same {
			report.differ("position %d: the log holds %s, the restored one %s", original.Position, original.ID, restored.ID)
			return nil
		}
		digest = digest.Add(restored)
		if n++; n%1_000 == 0 || n == m.Events {
			p.report(n, m.Events, "compare logs")
		}
	}
	if _, _, more := mine(); more || n != m.Events || digest.String() != m.Digest {
		report.differ("the restored log has %d events, not %d, or another digest", n, m.Events)
	}
	return nil
}

// compareModel fills a restored read model up to where ours was, and compares.
// Where places could not be kept, the rows name others, so they are counted only,
// and the restored model is held against a replay.
func (r *rooms) compareModel(ctx context.Context, other *rooms, model *drillModel, term terminal, report *drilled) error {
	newProgress(term.err).report(0, 1, "refill "+model.Projection)
	name := model.Projection
	if !report.PlacesKept {
		if err := other.catchUp(ctx, name); err != nil {
			return err
		}
		proofs, err := other.prove(ctx, []string{name}, func(int, int, string) {})
		if err != nil {
			return err
		}
		if model.Equal = proofs[0].is.Equal; !model.Equal {
			report.differ("%s: the restored read model differs from a replay", name)
		}
		return nil
	}
	if err := other.catchUpTo(ctx, name, model.Position); err != nil {
		return err
	}
	at, digest, rows, err := other.engine.ContentAt(ctx, name)
	if err != nil {
		return err
	}
	if model.Equal = at == model.Position && digest == model.digest && rows == model.Rows; !model.Equal {
		report.differ("%s: %d rows at position %d, restored %d rows at %d, or other rows", name, model.Rows, model.Position, rows, at)
	}
	return nil
}

// compareVaults opens every name and text of the restored vault.
func (r *rooms) compareVaults(ctx context.Context, other *rooms, report *drilled) error {
	names, err := other.vault.AllNames(ctx)
	if err != nil {
		report.differ("names: %v", err)
		return nil
	}
	report.Names = len(names)
	digests, err := sealedTexts(ctx, other)
	if err != nil {
		return err
	}
	for len(digests) > 0 {
		n := min(len(digests), vault.MaxTexts)
		texts, err := other.vault.Reveal(ctx, digests[:n])
		if err != nil {
			report.differ("texts: %v", err)
			return nil
		}
		report.Texts += len(texts)
		digests = digests[n:]
	}
	return nil
}

func sealedTexts(ctx context.Context, other *rooms) ([]domain.Sealed, error) {
	rows, err := other.pool.Query(ctx, `select digest from vault.text`)
	if err != nil {
		return nil, fmt.Errorf("list the texts: %w", err)
	}
	digests, err := pgx.CollectRows(rows, pgx.RowTo[domain.Sealed])
	if err != nil {
		return nil, fmt.Errorf("list the texts: %w", err)
	}
	return digests, nil
}
