package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

var (
	firstSyllables = []string{"Ra", "Mu", "Sya", "Na", "Za", "Fa", "Ha", "Li", "Ka", "Ri", "Ta", "Wi", "Di", "Ju", "Sa", "Ma", "I", "Yu", "Nu", "Ci"}
	midSyllables   = []string{"li", "ra", "wa", "di", "ni", "fi", "ha", "mi", "sa", "ri", "ya", "zi"}
	lastSyllables  = []string{"na", "wan", "dar", "ta", "man", "sya", "ri", "lia", "din", "ti", "mah", "zal", "fa", "ra", "yan", "nur"}
	familyStarts   = []string{"Lam", "Blang", "Cot", "Ule", "Meu", "Peu", "Kru", "Gle", "Teu", "Ba"}
	familyEnds     = []string{"rasa", "dingin", "nara", "lhok", "pandan", "reudeup", "seulanga", "jeumpa", "meulu", "sagoe"}
)

// nameOf puts an invented name together: a given name of three syllables and a
// family name that sounds like a place, as no person here is called.
func nameOf(rng *rand.Rand) string {
	given := pick(rng, firstSyllables) + pick(rng, midSyllables) + pick(rng, lastSyllables)
	return given + " " + pick(rng, familyStarts) + pick(rng, familyEnds)
}

// nipOf makes an 18-digit number that no civil servant can have: the birth date
// is in month 99. The last six digits tell people apart.
func nipOf(rng *rand.Rand, index int) string {
	sex := 1 + rng.IntN(2)
	return fmt.Sprintf("%04d99%02d%06d%d%03d", 1966+rng.IntN(36), index/1000%100, 209900+rng.IntN(100), sex, index%1000)
}

// emailOf lies under a domain that is reserved for examples.
func emailOf(name string, index int) string {
	return fmt.Sprintf("%s.%d@contoh.example", strings.ToLower(strings.ReplaceAll(name, " ", ".")), index)
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
