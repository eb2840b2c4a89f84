package tabular

import "errors"

const (
	// MaxFileBytes of a file as it lies on the disk: the largest upload we take.
	MaxFileBytes = 20 << 20
	// MaxUnpackedBytes of all parts of an XLSX file together.
	MaxUnpackedBytes = 64 << 20
	// MaxStringBytes of the table of shared texts, which is held in memory.
	MaxStringBytes = 16 << 20
	// MaxParts of an XLSX file: a workbook of many sheets has some dozens.
	MaxParts = 1_000
	// MaxRowNumber is the highest row number we read: more than a report has.
	MaxRowNumber = 60_000
	// MaxColumns of a row: reports have some dozens.
	MaxColumns = 256
	// MaxCellBytes of one cell; spreadsheets allow 32,767 characters.
	MaxCellBytes = 8 << 10
)

var (
	// ErrTooLarge says that the file is larger, packed or unpacked, than we read.
	ErrTooLarge = errors.New("the file is too large")
	// ErrDamaged says that the file cannot be read to its end.
	ErrDamaged = errors.New("the file is damaged")
	// ErrFormat says that the file is neither XLSX nor CSV: an old XLS, a page
	// saved as one, a file with a password.
	ErrFormat = errors.New("the file is neither XLSX nor CSV")
)
