package importing

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/intake"
)

// store brings the accepted rows into the ledger, chunk by chunk, and gives the
// number of facts written. Killed between any two facts, the next run finds what
// is there by the keys of the rows: they follow from the file alone.
func (b *batch) store(ctx context.Context) (int, error) {
	state, err := b.office.ImportState(ctx, b.table.digest)
	if err != nil {
		return 0, fmt.Errorf("look for an earlier import: %w", err)
	}
	h, facts := b.table.heading, 0
	keep := func(out commands.Outcome, err error) error {
		if err == nil && !out.Replayed {
			facts += out.Events
		}
		return err
	}
	err = keep(b.office.StartImport(ctx, b.ask("start", 0), intake.Start{File: b.table.digest, Report: b.table.kind(),
		Span: h.span, UpdatedOn: h.updatedOn, Rows: len(b.records)}))
	if err != nil {
		return facts, fmt.Errorf("start the import: %w", err)
	}
	for chunk := range intake.Chunks(len(b.records)) {
		rows := b.acceptedIn(chunk)
		if !state.Done(chunk, rows) {
			stored, err := b.storeChunk(ctx, chunk)
			facts += stored
			if err != nil {
				return facts, err
			}
			err = keep(b.office.StoreChunk(ctx, b.ask(fmt.Sprintf("chunk-%d-of", chunk), rows), b.table.digest, intake.StoreChunk{Chunk: chunk, Stored: rows}))
			if err != nil {
				return facts, fmt.Errorf("close chunk %d: %w", chunk, err)
			}
		}
		b.report(min((chunk+1)*intake.ChunkRows, len(b.records)), len(b.records), "simpan baris")
	}
	if state, err = b.office.ImportState(ctx, b.table.digest); err != nil {
		return facts, fmt.Errorf("look at the import: %w", err)
	}
	if err := keep(b.office.CommitImport(ctx, b.ask("commit", state.Stored()), b.table.digest)); err != nil {
		return facts, fmt.Errorf("commit the import: %w", err)
	}
	return facts, nil
}

func (b *batch) acceptedIn(chunk int) int {
	rows := 0
	for _, r := range b.rowsOf(chunk) {
		if r.accepted() {
			rows++
		}
	}
	return rows
}

func (b *batch) rowsOf(chunk int) []*record {
	return b.records[chunk*intake.ChunkRows : min((chunk+1)*intake.ChunkRows, len(b.records))]
}

// storeChunk stores the rows of a chunk: different people at once, the rows of one
// person one after the other.
func (b *batch) storeChunk(ctx context.Context, chunk int) (int, error) {
	var here []*somebody
	rows := map[*somebody][]*record{}
	for _, r := range b.rowsOf(chunk) {
		if !r.accepted() {
			continue
		}
		p := b.people[r.nip]
		if rows[p] == nil {
			here = append(here, p)
		}
		rows[p] = append(rows[p], r)
	}
	var facts atomic.Int64
	err := b.each(ctx, here, "", func(ctx context.Context, p *somebody) error {
		if !p.known {
			stored, err := b.enrol(ctx, p)
			if err != nil {
				return err
			}
			facts.Add(int64(stored))
		}
		for _, r := range rows[p] {
			words := b.words(r)
			if len(words) == 0 {
				continue
			}
			out, err := b.office.TakeDownBKN(ctx, b.ask("row", r.row.Number), p.id, words...)
			if err != nil {
				return fmt.Errorf("store row %d: %w", r.row.Number, err)
			}
			if !out.Replayed {
				facts.Add(int64(out.Events))
			}
		}
		return nil
	})
	return int(facts.Load()), err
}

// ask makes the envelope of one step; its key follows from the file and the place
// in it, and tells nothing of what stands there.
func (b *batch) ask(step string, n int) commands.Ask {
	return commands.Ask{Key: domain.CommandID(fmt.Sprintf("ekinerja:%s:%s:%d", b.table.digest, step, n)),
		Source: domain.FromImport, Capacity: domain.System, Correlation: "import-" + b.table.digest}
}
