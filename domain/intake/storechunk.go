package intake

import "github.com/jejak-kinerja/jejak/domain"

// StoreChunk says that so many rows of a chunk are in the ledger. Istilah: catat bagian impor.
type StoreChunk struct {
	Chunk  int
	Stored int
}

func (StoreChunk) importCommand() {}

func decideStoreChunk(s State, c StoreChunk) ([]Event, error) {
	if !s.Exists() {
		return nil, domain.Missing("import-unknown", "no such import")
	}
	if c.Chunk < 0 || c.Chunk >= Chunks(s.Rows) {
		return nil, domain.Bad("chunk", "chunk-out-of-range", "the file has %d chunks", Chunks(s.Rows))
	}
	if c.Stored < 0 || c.Stored > min(ChunkRows, s.Rows-c.Chunk*ChunkRows) {
		return nil, domain.Bad("stored", "chunk-too-full", "the chunk has fewer rows")
	}
	if s.Done(c.Chunk, c.Stored) {
		return nil, nil
	}
	return []Event{ChunkStored(c)}, nil
}
