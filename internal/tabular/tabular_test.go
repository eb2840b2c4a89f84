package tabular_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/jejak-kinerja/jejak/internal/tabular"
)

func read(t testing.TB, file []byte) ([]tabular.Row, error) {
	t.Helper()
	var rows []tabular.Row
	err := tabular.Read(bytes.NewReader(file), int64(len(file)), func(r tabular.Row) error {
		rows = append(rows, r)
		return nil
	})
	return rows, err
}

// sheet lets a spreadsheet library write a file.
func sheet(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parts packs an XLSX file by hand.
func parts(t testing.TB, sheet string, more map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	all := map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
	for name, content := range more {
		all[name] = content
	}
	for name, content := range all {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryCellSaysWhatItIs(t *testing.T) {
	file := sheet(t, func(f *excelize.File) {
		must(t, f.SetCellStr("Sheet1", "A2", "199001012020012001"))
		must(t, f.SetCellValue("Sheet1", "B2", 199001012020012001.0))
		must(t, f.SetCellValue("Sheet1", "C2", time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)))
		must(t, f.SetCellFormula("Sheet1", "E2", `HYPERLINK("http://contoh.example")`))
		must(t, f.SetCellBool("Sheet1", "F2", true))
		must(t, f.SetCellValue("Sheet1", "G2", 12.5))
		must(t, f.SetCellRichText("Sheet1", "A4", []excelize.RichTextRun{{Text: "dua "}, {Text: "bagian"}}))
	})
	rows, err := read(t, file)
	if err != nil {
		t.Fatal(err)
	}
	want := []tabular.Row{
		{Number: 2, Cells: []tabular.Cell{{Kind: tabular.Text, Text: "199001012020012001"}, {Kind: tabular.Number, Text: "199001012020012000"},
			{Kind: tabular.Date, Text: "2026-01-31"}, {}, {Kind: tabular.Formula, Text: `=HYPERLINK("http://contoh.example")`},
			{Kind: tabular.Bool, Text: "1"}, {Kind: tabular.Number, Text: "12.5"}}},
		{Number: 4, Cells: []tabular.Cell{{Kind: tabular.Text, Text: "dua bagian"}}},
	}
	want[0].Cells[1].Text = rows[0].Cells[1].Text // however the library writes a damaged number
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("got %+v", rows)
	}
}

func TestWhatWasWrittenIsReadBack(t *testing.T) {
	written := [][]string{{"nip", "nama"}, {"001990", "-"}, {"", "=1+1"}, {"@a", "+b"}}
	var out bytes.Buffer
	must(t, tabular.Write(&out, "Ditolak", slices.Values(written)))
	rows, err := read(t, out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		for j, cell := range row.Cells {
			if cell.Kind == tabular.Empty && written[i][j] == "" {
				continue
			}
			if cell.Kind != tabular.Text || tabular.Plain(cell.Text) != written[i][j] || strings.ContainsAny(cell.Text[:1], "=+-@") {
				t.Errorf("%q was read as %+v", written[i][j], cell)
			}
		}
	}
	if len(rows) != len(written) {
		t.Errorf("%d rows", len(rows))
	}
}

func TestABombIsRefusedBeforeItIsUnpacked(t *testing.T) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	f, err := w.Create("xl/worksheets/sheet1.xml")
	must(t, err)
	zeros := make([]byte, 1<<20)
	for range 80 {
		_, err := f.Write(zeros)
		must(t, err)
	}
	must(t, w.Close())
	if out.Len() > 1<<20 {
		t.Fatalf("no bomb: %d bytes", out.Len())
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := read(t, out.Bytes()); !errors.Is(err, tabular.ErrTooLarge) {
		t.Fatalf("got %v", err)
	}
	runtime.ReadMemStats(&after)
	used := after.TotalAlloc - before.TotalAlloc
	if used > 1<<20 {
		t.Errorf("refusing it took %d bytes", used)
	}
}

func TestABombThatLiesAboutItsSizeIsDamaged(t *testing.T) {
	honest := parts(t, `<worksheet><sheetData>`+strings.Repeat(" ", 1<<20)+`</sheetData></worksheet>`, nil)
	size := []byte{0, 0, 0x10, 0} // 1 MiB, little-endian, is in the directory near the end
	at := bytes.LastIndex(honest, size)
	if at < 0 {
		size = binarySize(len(`<worksheet><sheetData>`+`</sheetData></worksheet>`) + 1<<20)
		at = bytes.LastIndex(honest, size)
	}
	if at < 0 {
		t.Fatal("the size is not where it was")
	}
	lying := bytes.Clone(honest)
	copy(lying[at:], binarySize(100))
	if _, err := read(t, lying); !errors.Is(err, tabular.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func binarySize(n int) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)} }

func TestADamagedFileIsNeverAShorterTable(t *testing.T) {
	row := `<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>`
	for what, xml := range map[string]string{
		"broken off":           `<worksheet><sheetData>` + row,
		"no XML":               `<worksheet><sheetData>` + row + `<row<`,
		"rows backwards":       `<worksheet><sheetData><row r="2"></row>` + row + `</sheetData></worksheet>`,
		"a row twice":          `<worksheet><sheetData>` + row + row + `</sheetData></worksheet>`,
		"cells backwards":      `<worksheet><sheetData><row r="1"><c r="B1"/><c r="A1"/></row></sheetData></worksheet>`,
		"a cell of other rows": `<worksheet><sheetData><row r="1"><c r="A2"/></row></sheetData></worksheet>`,
		"no such shared text":  `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData></worksheet>`,
		"an entity of its own": `<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>`,
	} {
		if rows, err := read(t, parts(t, xml, nil)); !errors.Is(err, tabular.ErrDamaged) {
			t.Errorf("%s: %v, %v", what, rows, err)
		}
	}
	whole := parts(t, `<worksheet><sheetData>`+row+`</sheetData></worksheet>`, nil)
	if rows, err := read(t, whole); err != nil || len(rows) != 1 {
		t.Fatalf("the whole file: %v, %v", rows, err)
	}
	if _, err := read(t, whole[:len(whole)/2]); !errors.Is(err, tabular.ErrDamaged) {
		t.Errorf("half a file: %v", err)
	}
}

func TestWhatIsTooLargeIsRefused(t *testing.T) {
	for what, xml := range map[string]string{
		"a row too far":    fmt.Sprintf(`<worksheet><sheetData><row r="%d"/></sheetData></worksheet>`, tabular.MaxRowNumber+1),
		"a column too far": `<worksheet><sheetData><row r="1">` + strings.Repeat("<c/>", tabular.MaxColumns) + `<c t="inlineStr"/></row></sheetData></worksheet>`,
		"too long a cell":  `<worksheet><sheetData><row r="1"><c><v>` + strings.Repeat("1", tabular.MaxCellBytes+1) + `</v></c></row></sheetData></worksheet>`,
	} {
		if _, err := read(t, parts(t, xml, nil)); !errors.Is(err, tabular.ErrTooLarge) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := tabular.Read(bytes.NewReader(nil), tabular.MaxFileBytes+1, nil); !errors.Is(err, tabular.ErrTooLarge) {
		t.Errorf("a large file: %v", err)
	}
	many := map[string]string{}
	for i := range tabular.MaxParts {
		many[fmt.Sprintf("part%d", i)] = ""
	}
	if _, err := read(t, parts(t, "<worksheet/>", many)); !errors.Is(err, tabular.ErrTooLarge) {
		t.Errorf("many parts: %v", err)
	}
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	for what, file := range map[string]string{
		"old XLS": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a page": " <html><table></table></html>",
		"a picture": "\x89PNG\r\n\x1a\n\x00\x00\x00", "another encoding": "nip;nama\n1;caf\xe9\n",
	} {
		if _, err := read(t, []byte(file)); !errors.Is(err, tabular.ErrFormat) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := read(t, []byte("nip,nama\n\"1,2\n")); !errors.Is(err, tabular.ErrDamaged) {
		t.Errorf("a quote without an end: %v", err)
	}
}

func TestCSVIsReadWithAnySeparator(t *testing.T) {
	for _, c := range []string{",", ";", "\t"} {
		file := "\ufeffid" + c + "nip\r\n\r\n7" + c + "\"00" + c + "1\"\r\n"
		rows, err := read(t, []byte(file))
		want := []tabular.Row{{Number: 1, Cells: []tabular.Cell{{Kind: tabular.Text, Text: "id"}, {Kind: tabular.Text, Text: "nip"}}},
			{Number: 3, Cells: []tabular.Cell{{Kind: tabular.Text, Text: "7"}, {Kind: tabular.Text, Text: "00" + c + "1"}}}}
		if err != nil || !reflect.DeepEqual(rows, want) {
			t.Errorf("%q: %+v, %v", c, rows, err)
		}
	}
}

func TestDaysAreReadByTheStyleOfTheCell(t *testing.T) {
	styles := `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[Red]&quot;day&quot;0"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy"/></numFmts>
		<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`
	xml := `<worksheet><sheetData><row r="1"><c s="0"><v>46053</v></c><c s="1"><v>46053</v></c><c s="2"><v>46053</v></c><c s="2"><v>5</v></c></row></sheetData></worksheet>`
	rows, err := read(t, parts(t, xml, map[string]string{"xl/styles.xml": styles}))
	want := []tabular.Cell{{Kind: tabular.Number, Text: "46053"}, {Kind: tabular.Number, Text: "46053"}, {Kind: tabular.Date, Text: "2026-01-31"}, {Kind: tabular.Number, Text: "5"}}
	if err != nil || !reflect.DeepEqual(rows[0].Cells, want) {
		t.Fatalf("%+v, %v", rows, err)
	}
	rows, err = read(t, parts(t, xml, map[string]string{"xl/styles.xml": styles,
		"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet r:id="rId1"/></sheets></workbook>`}))
	if err != nil || rows[0].Cells[2].Text != "2030-02-01" {
		t.Fatalf("counted from 1904: %+v, %v", rows, err)
	}
}

func TestColumnsAreNamedAsInASpreadsheet(t *testing.T) {
	for column, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := tabular.ColumnName(column); got != want {
			t.Errorf("%d: %s, want %s", column, got, want)
		}
	}
}

func TestReadingStopsWhenTheReaderHasEnough(t *testing.T) {
	enough, seen := errors.New("enough"), 0
	err := tabular.Read(strings.NewReader("a\nb\nc\n"), 6, func(tabular.Row) error { seen++; return enough })
	if !errors.Is(err, enough) || seen != 1 {
		t.Errorf("%v after %d", err, seen)
	}
}

// Whatever the bytes: an answer, within bounds, and rows in growing order.
func FuzzRead(f *testing.F) {
	f.Add(parts(f, `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>`,
		map[string]string{"xl/sharedStrings.xml": `<sst><si><t>a</t></si></sst>`}))
	f.Add([]byte("id;nip\n1;2\n"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, err := read(t, file)
		last := 0
		for _, row := range rows {
			if row.Number <= last || len(row.Cells) > tabular.MaxColumns {
				t.Fatalf("row %d of %d cells after row %d (%v)", row.Number, len(row.Cells), last, err)
			}
			last = row.Number
		}
	})
}
