package engine

import "github.com/jejak-kinerja/jejak/domain"

// Fact is an event in its place in the log. Err says why it could not be decoded;
// then there is no Body. It is an alias so that whoever carries facts (the bus)
// can name the same type without importing this package.
type Fact = struct {
	domain.Recorded
	Err error
}
