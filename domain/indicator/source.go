package indicator

// Source is where a number was published: a fact is only as good as its source.
type Source struct {
	Title string `json:"title"`
	Where string `json:"where,omitzero"`
	Note  string `json:"note,omitzero"`
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

// Period is a year "2023", a month "2023-01", or a run of either
// "2024-01/2024-04" (both ends included). Periods compare as strings by their start.
type Period string
