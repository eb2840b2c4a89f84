package intake

import "github.com/jejak-kinerja/jejak/domain"

// Event is a fact about a file that is brought in.
//
//sumtype:decl
type Event interface{ importEvent() }

// Started says that a file is being brought in. Istilah: impor dimulai.
type Started struct {
	// File is the SHA-256 of the file, in hex.
	File   string `json:"file"`
	Report Report `json:"report"`
	// Span is the time the report speaks of.
	Span domain.Span `json:"span"`
	// UpdatedOn is the day of the report's own stamp; empty when it has none.
	UpdatedOn domain.Date `json:"updated_on,omitzero"`
	Rows      int         `json:"rows"`
}

// ChunkStored says how many rows of a chunk are in the ledger by now. Istilah: bagian impor tersimpan.
type ChunkStored struct {
	// Chunk counts from 0; each has ChunkRows rows, the last one the rest.
	Chunk  int `json:"chunk"`
	Stored int `json:"stored"`
}

// Committed closes the import with its balance. Istilah: impor selesai.
type Committed struct {
	Stored   int `json:"stored"`
	Rejected int `json:"rejected"`
}

func (Started) importEvent()     {}
func (ChunkStored) importEvent() {}
func (Committed) importEvent()   {}

// Stored lists every fact of the stream under its stored name.
var Stored = []domain.Entry{
	domain.Stored[Started]("import.started.v1"),
	domain.Stored[ChunkStored]("import.chunk-stored.v1"),
	domain.Stored[Committed]("import.committed.v1"),
}
