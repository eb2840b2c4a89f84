package tabular

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// sheetReader is where the reading of a sheet stands.
type sheetReader struct {
	*workbook
	each func(Row) error
	row  Row
	last int // number of the last row given
	cell rawCell
	into *string // which part of the cell a text belongs to; nil for none
}

// rawCell is a cell as the file has it.
type rawCell struct {
	open                         bool
	column                       int
	kind, value, inline, formula string
	computes                     bool
	style                        int
}

func (w *workbook) readSheet(each func(Row) error) error {
	r := &sheetReader{workbook: w, each: each}
	return w.elements(w.sheet, MaxUnpackedBytes, func(token xml.Token) error {
		switch e := token.(type) {
		case xml.StartElement:
			return r.start(e)
		case xml.CharData:
			if r.into == nil {
				return nil
			}
			if len(*r.into)+len(e) > MaxCellBytes {
				return fmt.Errorf("%w: a cell in row %d", ErrTooLarge, r.row.Number)
			}
			*r.into += string(e)
		case xml.EndElement:
			return r.end(e)
		}
		return nil
	})
}

func (r *sheetReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		r.row = Row{Number: r.last + 1}
		if given := attribute(e, "r"); given != "" {
			n, err := strconv.Atoi(given)
			if err != nil || n <= r.last {
				return fmt.Errorf("%w: row %q after row %d", ErrDamaged, given, r.last)
			}
			r.row.Number = n
		}
		if r.row.Number > MaxRowNumber {
			return fmt.Errorf("%w: it goes beyond row %d", ErrTooLarge, MaxRowNumber)
		}
		r.last = r.row.Number
	case "c":
		return r.startCell(e)
	case "v":
		r.into = &r.cell.value
	case "t":
		r.into = &r.cell.inline
	case "f":
		r.cell.computes, r.into = true, &r.cell.formula
	}
	return nil
}

func (r *sheetReader) startCell(e xml.StartElement) error {
	r.cell = rawCell{open: true, column: len(r.row.Cells), kind: attribute(e, "t")}
	if name := attribute(e, "r"); name != "" {
		column, row, ok := place(name)
		if !ok || row != r.row.Number || column < len(r.row.Cells) {
			return fmt.Errorf("%w: cell %q in row %d", ErrDamaged, name, r.row.Number)
		}
		r.cell.column = column
	}
	if r.cell.column >= MaxColumns {
		return fmt.Errorf("%w: more than %d columns in row %d", ErrTooLarge, MaxColumns, r.row.Number)
	}
	if style := attribute(e, "s"); style != "" {
		n, err := strconv.Atoi(style)
		if err != nil {
			return fmt.Errorf("%w: style %q in row %d", ErrDamaged, style, r.row.Number)
		}
		r.cell.style = n
	}
	return nil
}

func (r *sheetReader) end(e xml.EndElement) error {
	switch e.Name.Local {
	case "v", "t", "f":
		r.into = nil
	case "c":
		return r.endCell()
	case "row":
		cells := r.row.Cells
		for len(cells) > 0 && cells[len(cells)-1].Kind == Empty {
			cells = cells[:len(cells)-1]
		}
		if len(cells) == 0 {
			return nil
		}
		return r.each(Row{r.row.Number, cells})
	}
	return nil
}

func (r *sheetReader) endCell() error {
	cell, err := r.meaning()
	if err != nil {
		return err
	}
	for len(r.row.Cells) < r.cell.column {
		r.row.Cells = append(r.row.Cells, Cell{})
	}
	r.row.Cells = append(r.row.Cells, cell)
	return nil
}

// meaning says what the cell is.
func (r *sheetReader) meaning() (Cell, error) {
	c := r.cell
	if c.computes {
		return Cell{Formula, "=" + c.formula}, nil
	}
	switch c.kind {
	case "s":
		n, err := strconv.Atoi(c.value)
		if err != nil || n < 0 || n >= len(r.strings) {
			return Cell{}, fmt.Errorf("%w: row %d names shared text %q", ErrDamaged, r.row.Number, c.value)
		}
		if len(r.strings[n]) > MaxCellBytes {
			return Cell{}, fmt.Errorf("%w: a cell in row %d", ErrTooLarge, r.row.Number)
		}
		return textCell(r.strings[n]), nil
	case "inlineStr":
		return textCell(c.inline), nil
	case "str":
		return textCell(c.value), nil
	case "b":
		return Cell{Bool, c.value}, nil
	case "e":
		return Cell{Fault, c.value}, nil
	case "d":
		return Cell{Date, c.value}, nil
	}
	if c.value == "" {
		return Cell{}, nil
	}
	if r.dates[c.style] {
		if day, err := r.dayOf(c.value); err == nil {
			return Cell{Date, day}, nil
		}
	}
	return Cell{Number, c.value}, nil
}

func textCell(text string) Cell {
	if text == "" {
		return Cell{}
	}
	return Cell{Text, strings.ToValidUTF8(text, string(utf8.RuneError))}
}
