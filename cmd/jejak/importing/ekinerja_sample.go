package importing

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/jejak-kinerja/jejak/internal/tabular"
)

// The sample files, in the order in which they are best tried.
const (
	SamplePlans      = "contoh-laporan-skp.xlsx"
	SamplePredicates = "contoh-laporan-penilaian.xlsx"
	SampleFaulty     = "contoh-laporan-skp-salah.xlsx"
)

// SamplePeople is how many invented people the sample reports hold.
const SamplePeople = 40

// sampleYear of the reports.
const sampleYear = 2026

var (
	sampleHeader = []string{"No", "id", "NIP", "Nama", "Jenis Pegawai", "Jabatan", "Jenis Jabatan", "Unit Kerja", "skp_unor_induk",
		"skp_status", "is_plt_plh", "periode_awal", "periode_akhir"}
	samplePosts = [][2]string{{"Analis Pariwisata", "Fungsional"}, {"Pengadministrasi Perkantoran", "Pelaksana"},
		{"Kepala Seksi Promosi", "Pengawas"}, {"Perawat Terampil", "Fungsional"}}
	sampleUnits      = []string{"Dinas Pariwisata", "Dinas Perhubungan", "Puskesmas Jaboi", "DINAS PENDIDIKAN DAN KEBUDAYAAN KOTA SABANG"}
	sampleEmployment = []string{"PNS", "PPPK", "PPPK Paruh Waktu"}
	sampleResults    = []string{"Baik", "Baik", "Sangat Baik", "Baik", "-", "Butuh Perbaikan", "Baik"}
)

// WriteSample writes reports of invented people into a directory, for trying the
// import: one of plans, with an acting post and a transfer; one of predicates;
// and one in which every row has another fault. Existing files are not touched.
func WriteSample(dir string) error {
	return errors.Join(
		writeSample(filepath.Join(dir, SamplePlans), sampleRows("LAPORAN SKP TAHUN", sampleHeader, samplePlans(SamplePeople))),
		writeSample(filepath.Join(dir, SamplePredicates), sampleRows("LAPORAN PENILAIAN SKP TAHUN", append(slices.Clone(sampleHeader[:4]), "hasil_akhir"), samplePredicates(SamplePeople))),
		writeSample(filepath.Join(dir, SampleFaulty), sampleRows("LAPORAN SKP TAHUN", sampleHeader, sampleFaults())))
}

func writeSample(path string, rows iter.Seq[[]string]) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownerOnly)
	if err != nil {
		return fmt.Errorf("write the sample: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return tabular.Write(file, "Laporan", rows)
}

// sampleRows puts the lines above a report that BKN's have.
func sampleRows(title string, header []string, body [][]string) iter.Seq[[]string] {
	return slices.Values(append([][]string{{fmt.Sprintf("%s %d", title, sampleYear)}, {"Instansi Pemerintah Kota Sabang (data rekaan)"},
		nil, nil, nil, {fmt.Sprintf("Diperbarui: 20-11-%d 08:15", sampleYear)}, nil, header}, body...))
}

// samplePlans gives a row for each invented person; the second has an acting post
// besides, and the third came from another unit in July.
func samplePlans(people int) [][]string {
	var rows [][]string
	add := func(person int, change func(row []string)) {
		post := samplePosts[person%len(samplePosts)]
		row := []string{fmt.Sprint(len(rows) + 1), samplePlan(person), sampleNIP(person), sampleName(person), sampleEmployment[person%len(sampleEmployment)],
			post[0], post[1], sampleUnits[person%len(sampleUnits)], "Pemerintah Kota Sabang", "Persetujuan", "0",
			fmt.Sprintf("01-01-%d", sampleYear), fmt.Sprintf("31-12-%d", sampleYear)}
		change(row)
		rows = append(rows, row)
	}
	for person := range people {
		switch person {
		case 1:
			add(person, func(row []string) {
				row[1], row[5], row[6], row[10] = samplePlan(people+person), "Plt. Kepala Dinas Perhubungan", "JPT Pratama", "1"
			})
		case 2:
			add(person, func(row []string) {
				row[1], row[7], row[12] = samplePlan(people+person), "Dinas Perhubungan", fmt.Sprintf("30-06-%d", sampleYear)
			})
			add(person, func(row []string) { row[11] = fmt.Sprintf("01-07-%d", sampleYear) })
			continue
		}
		add(person, func([]string) {})
	}
	return rows
}

func samplePredicates(people int) [][]string {
	var rows [][]string
	for person := range people {
		rows = append(rows, []string{fmt.Sprint(person + 1), samplePlan(person), sampleNIP(person), sampleName(person), sampleResults[person%len(sampleResults)]})
	}
	return rows
}

// sampleFaults gives rows with one fault each, the last of which is without.
func sampleFaults() [][]string {
	faults := []struct {
		column int
		text   string
	}{{2, "1.99099E+17"}, {2, "19909901"}, {3, ""}, {4, "honorer"}, {6, "kepala"}, {7, "Dinas Antah Berantah"}, {9, ""}, {10, "tidak"},
		{12, "31 Desember"}, {12, fmt.Sprintf("31-12-%d", sampleYear+1)}}
	rows := samplePlans(len(faults) + 3)
	rows = slices.DeleteFunc(rows, func(row []string) bool { return row[10] == "1" || row[12] != fmt.Sprintf("31-12-%d", sampleYear) })
	for n, f := range faults {
		rows[n+3][f.column] = f.text
	}
	return append(rows[3:], rows[0])
}

// sampleNIP has a birthday in month 99, which nobody has.
func sampleNIP(person int) string {
	return fmt.Sprintf("199099012099%02d1%03d", 1+person/900, 1+person%900)
}

func samplePlan(person int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", person+1) }

var sampleNames = []string{"Contoh", "Rekaan", "Misal", "Andaikata", "Umpama"}

func sampleName(person int) string {
	return fmt.Sprintf("%s %s %d", sampleNames[person%len(sampleNames)], sampleNames[(person/len(sampleNames)+1)%len(sampleNames)], person+1)
}
