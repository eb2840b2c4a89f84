package importing

import (
	"slices"
	"strings"
	"unicode"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/intake"
	"github.com/jejak-kinerja/jejak/internal/tabular"
)

// field is what a column tells, under whatever name and in whatever place.
type field int

const (
	planField field = iota
	nipField
	nameField
	postField
	unitField
	agencyField
	statusField
	actingField
	fromField
	untilField
	predicateField
	employmentField
	levelField
)

// headers lists the names of columns as reports have them; of several that are
// present the first is taken: what stood in the plan goes before what holds now.
var headers = map[field][]string{
	planField:       {"id", "id_skp", "skp_id"},
	nipField:        {"nip", "nip_baru", "nip_pegawai"},
	nameField:       {"nama", "nama_pegawai", "nama_lengkap"},
	postField:       {"skp_jabatan", "jabatan", "nama_jabatan"},
	unitField:       {"skp_unor", "unit_kerja", "unor_nama"},
	agencyField:     {"skp_unor_induk", "unor_induk", "unor_induk_nama", "perangkat_daerah"},
	statusField:     {"skp_status", "status_skp"},
	actingField:     {"is_plt_plh", "plt_plh"},
	fromField:       {"periode_awal", "skp_periode_awal"},
	untilField:      {"periode_akhir", "skp_periode_akhir"},
	predicateField:  {"hasil_akhir", "predikat_kinerja", "predikat"},
	employmentField: {"jenis_pegawai", "jenis_kepegawaian"},
	levelField:      {"jenis_jabatan", "jenjang_jabatan"},
}

// needed are the columns without which a report cannot be understood. A report of
// predicates may leave the NIP to the report of plans.
var needed = map[intake.Report][]field{
	intake.Plans:      {planField, nipField, nameField, postField, unitField, statusField, actingField, untilField},
	intake.Predicates: {planField, predicateField},
}

// columns says in which column, from 0, each field stands.
type columns map[field]int

func (c columns) has(f field) bool { _, ok := c[f]; return ok }

// check refuses a report that lacks columns, naming them all.
func (c columns) check(kind intake.Report) error {
	var missing []string
	for _, f := range needed[kind] {
		if !c.has(f) {
			missing = append(missing, strings.Join(headers[f], "|"))
		}
	}
	if len(missing) > 0 {
		return domain.Bad("file", "report-column-missing", "a %s needs the columns %s", kind, strings.Join(missing, ", "))
	}
	return nil
}

// blank says that no column we read holds anything.
func (c columns) blank(row tabular.Row) bool {
	for _, column := range c {
		if row.At(column).Kind != tabular.Empty {
			return false
		}
	}
	return true
}

// findColumns reads a row as the header; nil when it is none. Two columns of one
// name are refused: nobody can tell which is meant.
func findColumns(row tabular.Row) (columns, error) {
	names := make([]string, len(row.Cells))
	for i, cell := range row.Cells {
		names[i] = headerName(cell.Text)
	}
	found := columns{}
	for f, known := range headers {
		for _, name := range known {
			first := slices.Index(names, name)
			if first < 0 {
				continue
			}
			if slices.Contains(names[first+1:], name) {
				return nil, domain.Bad("file", "report-column-twice", "the header in row %d names the column %s twice", row.Number, name)
			}
			found[f] = first
			break
		}
	}
	if !found.has(planField) || !found.has(statusField) && !found.has(predicateField) {
		return nil, nil
	}
	return found, nil
}

// headerName writes "SKP Unor-Induk " as "skp_unor_induk".
func headerName(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	return strings.Join(words, "_")
}
