package plan

import "strings"

// Hint is a friendly word about a wording. It warns and never blocks.
type Hint string

const (
	// HintActivity: it starts with what one does ("melaksanakan", "penyusunan")
	// instead of what is reached. Istilah: rumusan kegiatan.
	HintActivity Hint = "wording-is-an-activity"
	// HintNoOutcome: it does not start with a word of achievement
	// ("terlaksananya", "tersusunnya", "meningkatnya"). Istilah: bukan rumusan hasil.
	HintNoOutcome Hint = "wording-is-no-outcome"
	// HintShort: a word or two cannot be measured. Istilah: rumusan terlalu singkat.
	HintShort Hint = "wording-is-short"
)

// Hints lists every hint.
var Hints = []Hint{HintActivity, HintNoOutcome, HintShort}

// fewWords is what we call short: a subject and an achievement are three words.
const fewWords = 3

// LintWording looks at the wording of a result. Results should be worded as
// achieved outcomes, and Indonesian says that with the first word: it ends in
// "-nya" ("meningkatnya", "terlaksananya"), while activities start with an active
// verb ("me-", "ber-") or its noun ("pe-…-an").
func LintWording(wording string) []Hint {
	words := strings.Fields(strings.ToLower(wording))
	var hints []Hint
	switch {
	case len(words) == 0:
		return []Hint{HintShort}
	case strings.HasSuffix(words[0], "nya"):
	case isActivity(words[0]):
		hints = append(hints, HintActivity)
	default:
		hints = append(hints, HintNoOutcome)
	}
	if len(words) < fewWords {
		hints = append(hints, HintShort)
	}
	return hints
}

func isActivity(word string) bool {
	return strings.HasPrefix(word, "me") || strings.HasPrefix(word, "ber") ||
		strings.HasPrefix(word, "pe") && strings.HasSuffix(word, "an")
}
