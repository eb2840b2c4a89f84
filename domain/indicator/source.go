package indicator

import "github.com/jejak-kinerja/jejak/domain"

// Source is where a number was published: a fact is only as good as its source.
type Source struct {
	Title string `json:"title"`
	Where string `json:"where,omitzero"`
	Note  string `json:"note,omitzero"`
}

func (s Source) check() error {
	if err := domain.CheckWording("source.title", s.Title); err != nil {
		return err
	}
	if s.Where != "" {
		if err := domain.CheckWording("source.where", s.Where); err != nil {
			return err
		}
	}
	if s.Note != "" {
		return domain.CheckWording("source.note", s.Note)
	}
	return nil
}

// Direction says which way is better. Istilah: polarisasi.
type Direction string

const (
	// HigherIsBetter as with visitors. Istilah: maksimasi.
	HigherIsBetter Direction = "higher"
	// LowerIsBetter as with complaints. Istilah: minimasi.
	LowerIsBetter Direction = "lower"
	// OnlyContext is a number to know, not to reach. Istilah: konteks.
	OnlyContext Direction = "context"
)

// Directions lists every direction.
var Directions = []Direction{HigherIsBetter, LowerIsBetter, OnlyContext}
