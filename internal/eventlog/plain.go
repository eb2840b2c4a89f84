package eventlog

// maxPlainDigits is how many digits every whole number may have that a float64
// holds exactly.
const maxPlainDigits = 15

// plain says that what may differ between a JSON object in order and its canonical
// form (RFC 8785) does not occur in it: escapes, texts beyond ASCII, and numbers
// other than short whole ones. It is ten times faster than to make that form, and
// true of nearly every event.
func plain(data []byte) bool {
	inText, digits := false, 0
	for i, c := range data {
		switch {
		case c == '"':
			inText = !inText
		case inText:
			if c == '\\' || c < ' ' || c > '~' {
				return false
			}
		case '0' <= c && c <= '9':
			if digits++; digits > maxPlainDigits {
				return false
			}
			if c == '0' && i > 0 && data[i-1] == '-' {
				return false
			}
			continue
		case c == '.' || c == '+' || c == 'e' && digits > 0 || c == 'E':
			return false
		}
		digits = 0
	}
	return !inText
}
