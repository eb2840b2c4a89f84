// Package tabular reads the first sheet of an XLSX file, or a CSV file, row by
// row, and writes XLSX files. It knows no business word.
//
// Reading trusts nothing. What a file may cost is bounded before it is unpacked;
// a file that is damaged anywhere is an error and never a shorter table; no
// formula is ever evaluated; and every cell says what it is, for a number that
// should have been a text is a number a spreadsheet may have damaged. That is why
// the XML of the sheet is read here and not through the library that writes: the
// library's stream of rows tells neither the kind of a cell nor that the XML broke
// off in the middle.
package tabular
