package catalog

import "errors"

// strict refuses what Go's decoder would overlook in a body that we never write
// so: anything but one object, blanks between the tokens, keys out of order,
// named twice, or in capitals. It expects valid JSON otherwise; the decoder sees
// to that.
func strict(data []byte) error {
	if len(data) > MaxEventBytes {
		return errors.New("the body is too large")
	}
	if len(data) == 0 || data[0] != '{' {
		return errors.New("the body is no object")
	}
	var last [][]byte // the key read last in each open object; nil for an array
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case ' ', '\t', '\n', '\r':
			return errors.New("the body holds blanks")
		case '{':
			last = append(last, []byte{})
		case '[':
			last = append(last, nil)
		case '}', ']':
			if len(last) == 0 {
				return errors.New("the body closes too often")
			}
			if last = last[:len(last)-1]; len(last) == 0 && i+1 < len(data) {
				return errors.New("something follows the body")
			}
		case '"':
			end := endOfString(data, i)
			if end < 0 {
				return errors.New("a text has no end")
			}
			if end+1 < len(data) && data[end+1] == ':' && len(last) > 0 {
				key, top := data[i+1:end], len(last)-1
				if err := checkKey(last[top], key); err != nil {
					return err
				}
				last[top] = key
			}
			i = end
		}
	}
	return nil
}

// endOfString finds the closing quote of the text that opens at i; -1 when there is none.
func endOfString(data []byte, i int) int {
	for i++; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// checkKey holds a key against the one before it. Keys are hand-written ASCII,
// so that byte order is the order of RFC 8785.
func checkKey(before, key []byte) error {
	if string(key) <= string(before) {
		return errors.New("the keys are out of order")
	}
	for _, c := range key {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return errors.New("a key has characters we never use")
		}
	}
	return nil
}
