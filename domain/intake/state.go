package intake

import "maps"

// State is how much of a file is in the ledger.
type State struct {
	File   string
	Report Report
	Rows   int
	// Chunks gives the rows stored of each chunk gone through.
	Chunks map[int]int
	// Committed says that the balance of all chunks is on file.
	Committed bool
	Balance   Committed
}

// Exists says whether the file was ever begun.
func (s State) Exists() bool { return s.File != "" }

// Done says whether so many rows of a chunk are stored already.
func (s State) Done(chunk, rows int) bool {
	stored, gone := s.Chunks[chunk]
	return gone && stored >= rows
}

// Stored counts the rows in the ledger.
func (s State) Stored() int {
	var sum int
	for _, n := range s.Chunks {
		sum += n
	}
	return sum
}

// Evolve moves the state on by one fact.
func Evolve(s State, event Event) State {
	switch e := event.(type) {
	case Started:
		s.File, s.Report, s.Rows = e.File, e.Report, e.Rows
	case ChunkStored:
		chunks := maps.Clone(s.Chunks)
		if chunks == nil {
			chunks = map[int]int{}
		}
		chunks[e.Chunk] = e.Stored
		s.Chunks, s.Committed = chunks, false
	case Committed:
		s.Committed, s.Balance = true, e
	}
	return s
}
