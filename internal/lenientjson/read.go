// Package lenientjson reads JSON as EventStoreDB reads the metadata of streams and
// its settings: whatever that server would heed must be heeded here as well.
package lenientjson

import (
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// errNotJSON: not even a lenient reader takes it for JSON.
var errNotJSON = errors.New("this is no JSON")

// maxDepth bounds how deep values may lie in one another.
const maxDepth = 64

// Number is one as it was written.
type Number string

// Read reads the JSON value at the beginning of body. Beyond the standard it takes single quotes, names without
// quotes, a comma behind the last element, anything behind the value, a byte order
// mark and UTF-16; of two equal names the last counts. Comments are refused.
// Values are map[string]any, []any, string, Number, bool and nil.
func Read(body []byte) (any, error) {
	r := reader{text: decodeText(body)}
	return r.value(0)
}

// decodeText decodes UTF-8, or UTF-16 behind its byte order mark.
func decodeText(body []byte) string {
	var order binary.ByteOrder
	switch {
	case len(body) >= 2 && body[0] == 0xff && body[1] == 0xfe:
		order = binary.LittleEndian
	case len(body) >= 2 && body[0] == 0xfe && body[1] == 0xff:
		order = binary.BigEndian
	default:
		return strings.TrimPrefix(string(body), "\ufeff")
	}
	var units []uint16
	for rest := body[2:]; len(rest) >= 2; rest = rest[2:] {
		units = append(units, order.Uint16(rest))
	}
	return string(utf16.Decode(units))
}

// reader reads a text from left to right.
type reader struct {
	text string
	at   int
}

// next is the next character that is no space, 0 at the end.
func (r *reader) next() rune {
	for r.at < len(r.text) {
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		if !unicode.IsSpace(c) {
			return c
		}
		r.at += size
	}
	return 0
}

// take goes past the next character if it is c.
func (r *reader) take(c rune) bool {
	if r.next() != c {
		return false
	}
	r.at += utf8.RuneLen(c)
	return true
}

func (r *reader) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, errNotJSON
	}
	switch c := r.next(); {
	case c == '{':
		return r.object(depth)
	case c == '[':
		return r.array(depth)
	case c == '"' || c == '\'':
		return r.quoted(c)
	}
	switch word := r.while(func(c rune) bool { return strings.ContainsRune("+-._", c) || isWordRune(c) }); word {
	case "true", "false":
		return word == "true", nil
	case "null", "undefined":
		return nil, nil
	default:
		_, err := strconv.ParseFloat(word, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			if _, err = strconv.ParseInt(word, 0, 64); err != nil {
				return nil, errNotJSON
			}
		}
		return Number(word), nil
	}
}

func (r *reader) object(depth int) (any, error) {
	fields := map[string]any{}
	for r.take('{'); !r.take('}'); {
		name, err := r.name()
		if err != nil {
			return nil, err
		}
		if !r.take(':') {
			return nil, errNotJSON
		}
		if fields[name], err = r.value(depth + 1); err != nil {
			return nil, err
		}
		if !r.take(',') && r.next() != '}' {
			return nil, errNotJSON
		}
	}
	return fields, nil
}

func (r *reader) array(depth int) (any, error) {
	list := []any{}
	for r.take('['); !r.take(']'); {
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if !r.take(',') && r.next() != ']' {
			return nil, errNotJSON
		}
	}
	return list, nil
}

func (r *reader) name() (string, error) {
	if c := r.next(); c == '"' || c == '\'' {
		return r.quoted(c)
	}
	name := r.while(isWordRune)
	if name == "" {
		return "", errNotJSON
	}
	return name, nil
}

func isWordRune(c rune) bool {
	return c == '_' || c == '$' || unicode.IsLetter(c) || unicode.IsDigit(c)
}

// while takes the characters for which wanted holds.
func (r *reader) while(wanted func(rune) bool) string {
	end := strings.IndexFunc(r.text[r.at:], func(c rune) bool { return !wanted(c) })
	if end < 0 {
		end = len(r.text) - r.at
	}
	word := r.text[r.at : r.at+end]
	r.at += end
	return word
}

// quoted reads a text up to the quote that began it.
func (r *reader) quoted(quote rune) (string, error) {
	r.take(quote)
	var units []uint16 // \u may give one character in two halves
	for r.at < len(r.text) {
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		r.at += size
		switch c {
		case quote:
			return string(utf16.Decode(units)), nil
		case '\\':
			unit, err := r.escape()
			if err != nil {
				return "", err
			}
			units = append(units, unit)
		default:
			units = utf16.AppendRune(units, c)
		}
	}
	return "", errNotJSON
}

// escapes are the letters behind a backslash, each before what it stands for.
const escapes = "b\bt\tn\nf\fr\r\\\\\"\"''//"

func (r *reader) escape() (uint16, error) {
	rest := r.text[r.at:]
	if len(rest) >= 5 && rest[0] == 'u' {
		unit, err := strconv.ParseUint(rest[1:5], 16, 16)
		if err != nil {
			return 0, errNotJSON
		}
		r.at += 5
		return uint16(unit), nil
	}
	for pair := range slices.Chunk([]byte(escapes), 2) {
		if rest != "" && rest[0] == pair[0] {
			r.at++
			return uint16(pair[1]), nil
		}
	}
	return 0, errNotJSON
}
