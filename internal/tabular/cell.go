package tabular

import "strconv"

// Kind is what a cell is, whatever it looks like.
type Kind int

const (
	// Empty cells hold nothing.
	Empty Kind = iota
	// Text as it was typed.
	Text
	// Number with Text as the file has it ("46053", "1.98E+17").
	Number
	// Date is a number that is shown as a day; Text is "2026-01-31".
	Date
	// Bool is true or false; Text is "1" or "0".
	Bool
	// Formula is a cell that computes; Text is "=" and the formula.
	Formula
	// Fault is a cell that shows an error ("#REF!").
	Fault
)

// Cell is one cell.
type Cell struct {
	Kind Kind
	Text string
}

// Row is one row that holds something.
type Row struct {
	// Number as the spreadsheet shows it, from 1.
	Number int
	Cells  []Cell
}

// At gives the cell of a column counted from 0; beyond the last it is Empty.
func (r Row) At(column int) Cell {
	if column < 0 || column >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[column]
}

// lettersInAlphabet of column names.
const lettersInAlphabet = 26

// ColumnName gives the letters of a column counted from 0: A, B, …, Z, AA.
func ColumnName(column int) string {
	var name string
	for column++; column > 0; column = (column - 1) / lettersInAlphabet {
		name = string(rune('A'+(column-1)%lettersInAlphabet)) + name
	}
	return name
}

// place reads "BC17" as column 54 and row 17; false when it is no cell of a
// sheet within our limits.
func place(name string) (column, row int, ok bool) {
	i := 0
	for ; i < len(name) && name[i] >= 'A' && name[i] <= 'Z'; i++ {
		if column = column*lettersInAlphabet + int(name[i]-'A') + 1; column > MaxColumns {
			return 0, 0, false
		}
	}
	row, err := strconv.Atoi(name[i:])
	return column - 1, row, i > 0 && err == nil && row > 0 && row <= MaxRowNumber
}
