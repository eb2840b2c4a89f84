package tabular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Read gives every row of the first sheet that holds something to each, in order;
// it stops at each's first error. Errors of the file are ErrTooLarge, ErrDamaged
// and ErrFormat, wrapped with what was found.
func Read(file io.ReaderAt, size int64, each func(Row) error) error {
	if size > MaxFileBytes {
		return fmt.Errorf("%w: %d bytes are more than %d", ErrTooLarge, size, MaxFileBytes)
	}
	head := make([]byte, sniffBytes)
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the file: %w", err)
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return readXLSX(file, size, each)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return fmt.Errorf("%w: an old XLS, or XLSX with a password", ErrFormat)
	case bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(head, byteOrderMark)), []byte("<")):
		return fmt.Errorf("%w: a page or XML under another name", ErrFormat)
	case bytes.IndexByte(head, 0) >= 0:
		return fmt.Errorf("%w: it holds zero bytes", ErrFormat)
	}
	return readCSV(io.NewSectionReader(file, 0, size), head, each)
}

// sniffBytes are enough to tell formats and separators apart.
const sniffBytes = 4 << 10

// byteOrderMark that spreadsheets put before UTF-8.
var byteOrderMark = []byte("\xef\xbb\xbf")
