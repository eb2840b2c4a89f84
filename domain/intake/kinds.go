package intake

// Report is the kind of report in a file.
type Report string

const (
	// Plans of civil servants as BKN has them. Istilah: laporan SKP.
	Plans Report = "laporan-skp"
	// Predicates of civil servants as BKN has them. Istilah: laporan penilaian SKP.
	Predicates Report = "laporan-penilaian"
)

// Reports lists every kind.
var Reports = []Report{Plans, Predicates}

// ChunkRows is how many rows are one step of an import: a kill loses the work of
// seconds, and a report of a whole city makes some tens of facts here.
const ChunkRows = 500

// MaxRows of one file: ten times the civil servants of a large city.
const MaxRows = 50_000

// Chunks is the number of chunks of so many rows.
func Chunks(rows int) int { return (rows + ChunkRows - 1) / ChunkRows }
