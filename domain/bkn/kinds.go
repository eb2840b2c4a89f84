package bkn

// Predicate is an outcome in the words of BKN.
type Predicate string

const (
	// VeryGood. Istilah: sangat baik.
	VeryGood Predicate = "sangat-baik"
	// Good. Istilah: baik.
	Good Predicate = "baik"
	// NeedsImprovement. Istilah: butuh perbaikan.
	NeedsImprovement Predicate = "butuh-perbaikan"
	// Poor, also called misconduct. Istilah: kurang.
	Poor Predicate = "kurang"
	// VeryPoor. Istilah: sangat kurang.
	VeryPoor Predicate = "sangat-kurang"
)

// Predicates lists the outcomes from high to low.
var Predicates = []Predicate{VeryGood, Good, NeedsImprovement, Poor, VeryPoor}
