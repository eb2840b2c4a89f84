package tabular

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Write writes one sheet whose cells are all texts. What a spreadsheet might take
// for a formula, should it ever meet the text outside of this file, is written
// with an apostrophe before it; Plain takes it off again.
func Write(out io.Writer, sheet string, rows iter.Seq[[]string]) (err error) {
	file := excelize.NewFile()
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := file.SetSheetName(file.GetSheetName(0), sheet); err != nil {
		return fmt.Errorf("name the sheet: %w", err)
	}
	stream, err := file.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	number := 0
	for row := range rows {
		number++
		cells := make([]any, len(row))
		for i, text := range row {
			if text != "" {
				cells[i] = neutral(text)
			}
		}
		place, err := excelize.CoordinatesToCellName(1, number)
		if err == nil {
			err = stream.SetRow(place, cells)
		}
		if err != nil {
			return fmt.Errorf("write row %d: %w", number, err)
		}
	}
	if err := stream.Flush(); err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	if _, err := file.WriteTo(out); err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	return nil
}

// dangerous are the first characters of what spreadsheets compute.
const dangerous = "=+-@\t\r"

func neutral(text string) string {
	if strings.IndexByte(dangerous, text[0]) >= 0 {
		return "'" + text
	}
	return text
}

// Plain takes off the apostrophe that marks a text as a text.
func Plain(text string) string { return strings.TrimPrefix(text, "'") }
