package domain

// Decimal is an exact number in hundredths: 1.25 is 125. Facts hold no floats.
// At most ±90 billion, so that JSON readers everywhere keep it exact.
type Decimal int64

// MaxDecimal is the largest amount of hundredths in a fact.
const MaxDecimal Decimal = 9_000_000_000_000

// Whole makes a Decimal of a whole number.
func Whole(n int64) Decimal { return Decimal(n * 100) }

// CheckDecimal refuses a number out of range.
func CheckDecimal(field string, d Decimal) error {
	if d > MaxDecimal || d < -MaxDecimal {
		return Bad(field, "number-too-large", "%s is out of range", field)
	}
	return nil
}
