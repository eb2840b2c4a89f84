package intake

import "github.com/jejak-kinerja/jejak/domain"

// Commit closes the import when every chunk was gone through. Istilah: selesaikan impor.
type Commit struct{}

func (Commit) importCommand() {}

func decideCommit(s State) ([]Event, error) {
	if !s.Exists() {
		return nil, domain.Missing("import-unknown", "no such import")
	}
	for chunk := range Chunks(s.Rows) {
		if _, gone := s.Chunks[chunk]; !gone {
			return nil, domain.Refuse("chunk-missing", "chunk %d was not gone through", chunk)
		}
	}
	if s.Committed {
		return nil, nil
	}
	return []Event{Committed{Stored: s.Stored(), Rejected: s.Rows - s.Stored()}}, nil
}
