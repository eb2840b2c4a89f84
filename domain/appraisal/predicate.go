package appraisal

import "github.com/jejak-kinerja/jejak/domain"

// Rating is a judgement against expectation, the only scale the rule knows.
type Rating string

const (
	// Below expectation. Istilah: di bawah ekspektasi.
	Below Rating = "di-bawah"
	// AsExpected. Istilah: sesuai ekspektasi.
	AsExpected Rating = "sesuai"
	// Above expectation. Istilah: di atas ekspektasi.
	Above Rating = "di-atas"
)

// Ratings lists the scale from low to high.
var Ratings = []Rating{Below, AsExpected, Above}

// Predicate is the outcome of an appraisal. Istilah: predikat kinerja.
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

// quadrant is the rule's table, rows by result, columns by behaviour.
var quadrant = map[[2]Rating]Predicate{
	{Above, Below}: Poor, {Above, AsExpected}: Good, {Above, Above}: VeryGood,
	{AsExpected, Below}: Poor, {AsExpected, AsExpected}: Good, {AsExpected, Above}: Good,
	{Below, Below}: VeryPoor, {Below, AsExpected}: NeedsImprovement, {Below, Above}: NeedsImprovement,
}

// PredicateOf is the pure function of the two ratings that gives the predicate;
// false when one of them is no rating. Dasar: PermenPANRB 6/2022.
func PredicateOf(result, behaviour Rating) (Predicate, bool) {
	p, ok := quadrant[[2]Rating{result, behaviour}]
	return p, ok
}

// ValueRating is the judgement on one core value.
type ValueRating struct {
	Value  domain.Value `json:"value"`
	Rating Rating       `json:"rating"`
}

// Kind is the reach of an appraisal.
type Kind string

const (
	// Periodic, monthly or quarterly. Istilah: evaluasi kinerja periodik.
	Periodic Kind = "periodik"
	// Annual judgement of the whole year, no average of its periods. Istilah: evaluasi kinerja tahunan.
	Annual Kind = "tahunan"
)

// Dimension is what is rated.
type Dimension string

const (
	// OfResult of the work. Istilah: hasil kerja.
	OfResult Dimension = "hasil-kerja"
	// OfBehaviour at work. Istilah: perilaku kerja.
	OfBehaviour Dimension = "perilaku-kerja"
)

// Authority is the office by which a score is changed.
type Authority string

const (
	// ByAppraiser before delivery. Istilah: pejabat penilai.
	ByAppraiser Authority = "pejabat-penilai"
	// ByAppraisersSuperior deciding on an objection. Istilah: atasan pejabat penilai.
	ByAppraisersSuperior Authority = "atasan-pejabat-penilai"
)
