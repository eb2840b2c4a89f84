package tabular

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// readCSV reads text separated by whatever of comma, semicolon and tab occurs
// most in the head. Every cell is a text.
func readCSV(file io.Reader, head []byte, each func(Row) error) error {
	in := bufio.NewReader(file)
	if bytes.HasPrefix(head, byteOrderMark) {
		if _, err := in.Discard(len(byteOrderMark)); err != nil {
			return fmt.Errorf("read the file: %w", err)
		}
	}
	rows := csv.NewReader(in)
	rows.Comma, rows.FieldsPerRecord = separator(head), -1
	for {
		fields, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		number, _ := rows.FieldPos(0)
		row := Row{Number: number}
		if number > MaxRowNumber || len(fields) > MaxColumns {
			return fmt.Errorf("%w: line %d", ErrTooLarge, number)
		}
		filled := false
		for _, field := range fields {
			if len(field) > MaxCellBytes {
				return fmt.Errorf("%w: a cell in line %d", ErrTooLarge, number)
			}
			if !utf8.ValidString(field) {
				return fmt.Errorf("%w: line %d is not UTF-8", ErrFormat, number)
			}
			kind := Text
			if field == "" {
				kind = Empty
			}
			filled = filled || kind != Empty
			row.Cells = append(row.Cells, Cell{kind, field})
		}
		if !filled {
			continue
		}
		if err := each(row); err != nil {
			return err
		}
	}
}

func separator(head []byte) rune {
	best := ','
	for _, c := range []rune{';', '\t'} {
		if bytes.Count(head, []byte(string(c))) > bytes.Count(head, []byte(string(best))) {
			best = c
		}
	}
	return best
}
