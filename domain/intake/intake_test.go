package intake_test

import (
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/intake"
	"github.com/jejak-kinerja/jejak/domain/spec"
)

var (
	file    = strings.Repeat("0a", 32)
	started = intake.Started{File: file, Report: intake.Plans, Span: domain.Span{From: "2026-01-01", Until: "2026-12-31"},
		UpdatedOn: "2026-11-20", Rows: intake.ChunkRows + 1}
	first  = intake.ChunkStored{Chunk: 0, Stored: 499}
	second = intake.ChunkStored{Chunk: 1, Stored: 1}
	closed = intake.Committed{Stored: 500, Rejected: 1}
)

func given(t *testing.T, facts ...intake.Event) spec.Case[intake.State, intake.Command, intake.Event] {
	t.Helper()
	return spec.Given(t, intake.Decider, facts...)
}

func TestEvolveIsTotal(t *testing.T) {
	spec.EvolveIsTotal(t, intake.Decider, spec.AnyEvent[intake.Event](intake.Stored, string(intake.Plans)))
}

func TestStart(t *testing.T) {
	order := intake.Start(started)
	given(t).When(order).Then(started)
	given(t, started).When(order).Then()
	given(t, started, first, second, closed).When(order).Then()
	with := func(change func(*intake.Start)) intake.Start { c := order; change(&c); return c }
	unstamped := with(func(c *intake.Start) { c.UpdatedOn = "" })
	given(t).When(unstamped).Then(intake.Started(unstamped))
	given(t).When(with(func(c *intake.Start) { c.File = "abc" })).ThenRefused("digest-malformed")
	given(t).When(with(func(c *intake.Start) { c.File = strings.Repeat("0A", 32) })).ThenRefused("digest-malformed")
	given(t).When(with(func(c *intake.Start) { c.Report = "laporan" })).ThenRefused("report-unknown")
	given(t).When(with(func(c *intake.Start) { c.Span.Until = "" })).ThenRefused("date-malformed")
	given(t).When(with(func(c *intake.Start) { c.Rows = 0 })).ThenRefused("rows-out-of-range")
	given(t).When(with(func(c *intake.Start) { c.Rows = intake.MaxRows + 1 })).ThenRefused("rows-out-of-range")
	given(t, started).When(with(func(c *intake.Start) { c.Rows = 3 })).ThenRefused("import-of-another-shape")
}

func TestStoreChunk(t *testing.T) {
	order := intake.StoreChunk(first)
	given(t, started).When(order).Then(first)
	given(t, started, first).When(order).Then()
	given(t, started, first).When(intake.StoreChunk{Chunk: 0, Stored: 7}).Then()
	more := intake.ChunkStored{Chunk: 0, Stored: 500}
	given(t, started, first, second, closed).When(intake.StoreChunk(more)).Then(more)
	given(t).When(order).ThenRefused("import-unknown")
	given(t, started).When(intake.StoreChunk{Chunk: 2}).ThenRefused("chunk-out-of-range")
	given(t, started).When(intake.StoreChunk{Chunk: -1}).ThenRefused("chunk-out-of-range")
	given(t, started).When(intake.StoreChunk{Chunk: 0, Stored: 501}).ThenRefused("chunk-too-full")
	given(t, started).When(intake.StoreChunk{Chunk: 1, Stored: 2}).ThenRefused("chunk-too-full")
	given(t, started).When(intake.StoreChunk{Chunk: 1, Stored: -1}).ThenRefused("chunk-too-full")
}

func TestCommit(t *testing.T) {
	given(t, started, first, second).When(intake.Commit{}).Then(closed)
	given(t, started, first, second, closed).When(intake.Commit{}).Then()
	given(t, started, second).When(intake.Commit{}).ThenRefused("chunk-missing")
	given(t).When(intake.Commit{}).ThenRefused("import-unknown")
}

func TestAChunkThatGrewIsCommittedAnew(t *testing.T) {
	given(t, started, first, second, closed, intake.ChunkStored{Chunk: 0, Stored: 500}).When(intake.Commit{}).
		Then(intake.Committed{Stored: 501, Rejected: 0})
}

func TestAnEmptyChunkWasGoneThroughToo(t *testing.T) {
	none := intake.ChunkStored{Chunk: 1, Stored: 0}
	given(t, started, first).When(intake.StoreChunk(none)).Then(none)
	given(t, started, first, none).When(intake.StoreChunk(none)).Then()
	given(t, started, first, none).When(intake.Commit{}).Then(intake.Committed{Stored: 499, Rejected: 2})
}
