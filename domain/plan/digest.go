package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// digestForm is the first line of the canonical text. Signatures bind its digest,
// so the form is never changed: another form gets another number.
const digestForm = "plan-content/1"

// ContentDigest binds a content: SHA-256 of its canonical text, 64 hexadecimal
// digits. Two contents that say the same have the same digest, in whatever order
// their parts were added.
func ContentDigest(c Content) string {
	sum := sha256.Sum256([]byte(canonical(c)))
	return hex.EncodeToString(sum[:])
}

// canonical writes one line for each part, ordered by id, key and value, every
// word quoted so that no two contents can write the same text.
func canonical(c Content) string {
	c = c.clone()
	slices.SortFunc(c.Results, func(a, b Result) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(c.Expectations, func(a, b Expectation) int { return cmp.Compare(a.Value, b.Value) })
	var b strings.Builder
	b.WriteString(digestForm + "\n")
	for _, r := range c.Results {
		fmt.Fprintf(&b, "result %q %q %q %q %q %q\n", r.ID, r.Kind, r.Wording, r.Serves.Plan, r.Serves.Result, r.Serves.Indicator)
		slices.SortFunc(r.Indicators, func(a, b Indicator) int { return cmp.Compare(a.Key, b.Key) })
		for _, x := range r.Indicators {
			fmt.Fprintf(&b, "indicator %q %q %q %d %q\n", x.Key, x.Wording, x.Aspect, int64(x.Target), x.Measure)
		}
	}
	for _, e := range c.Expectations {
		fmt.Fprintf(&b, "expectation %q %q\n", e.Value, e.Expectation)
	}
	return b.String()
}
