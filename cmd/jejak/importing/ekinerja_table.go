package importing

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/intake"
	"github.com/jejak-kinerja/jejak/internal/tabular"
)

// headerWithin is in how many rows from the top the header must stand: above it
// there are a title, an agency and a stamp.
const headerWithin = 20

// table is a report as it lies in the file, before any row is understood.
type table struct {
	digest  string
	above   []tabular.Row // title, agency, stamp
	header  tabular.Row
	columns columns
	rows    []tabular.Row
	heading heading
}

// kind of the report: predicates when it has a column of them.
func (t *table) kind() intake.Report {
	if t.columns.has(predicateField) {
		return intake.Predicates
	}
	return intake.Plans
}

// readTable reads a file as a report; refusals are about the field "file".
func readTable(path string) (*table, error) {
	content, err := contentOf(path)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	t := &table{digest: hex.EncodeToString(sum[:])}
	err = tabular.Read(bytes.NewReader(content), int64(len(content)), t.take)
	switch {
	case errors.Is(err, tabular.ErrTooLarge):
		return nil, domain.Bad("file", "report-too-large", "%v", err)
	case errors.Is(err, tabular.ErrDamaged):
		return nil, domain.Bad("file", "report-damaged", "%v", err)
	case errors.Is(err, tabular.ErrFormat):
		return nil, domain.Bad("file", "report-format-unknown", "%v", err)
	case err != nil:
		return nil, err
	}
	if t.columns == nil {
		return nil, domain.Bad("file", "report-header-missing", "no row of the first %d names the columns id, nip and skp_status or hasil_akhir", headerWithin)
	}
	if err := t.columns.check(t.kind()); err != nil {
		return nil, err
	}
	if len(t.rows) == 0 {
		return nil, domain.Bad("file", "report-empty", "no row follows the header")
	}
	t.heading, err = readHeading(t.above)
	return t, err
}

// take sorts a row into what is above the header, the header, and the rows.
func (t *table) take(row tabular.Row) error {
	if t.columns == nil {
		if row.Number > headerWithin {
			return domain.Bad("file", "report-header-missing", "no row of the first %d names the columns id, nip and skp_status or hasil_akhir", headerWithin)
		}
		found, err := findColumns(row)
		if err != nil {
			return err
		}
		if found == nil {
			t.above = append(t.above, row)
		} else {
			t.header, t.columns = row, found
		}
		return nil
	}
	if t.columns.blank(row) {
		return nil
	}
	if len(t.rows) == intake.MaxRows {
		return domain.Bad("file", "report-too-large", "a report has at most %d rows", intake.MaxRows)
	}
	t.rows = append(t.rows, row)
	return nil
}

// contentOf reads a file once, so that what is named by the digest is what is read.
func contentOf(path string) (content []byte, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the report: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	content, err = io.ReadAll(io.LimitReader(file, tabular.MaxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	return content, nil
}

// nipsByPlan reads the NIP of each plan from a Laporan SKP; a plan listed with two
// NIPs has none.
func nipsByPlan(path string) (map[string]string, error) {
	t, err := readTable(path)
	if err != nil {
		return nil, fmt.Errorf("read the report of plans: %w", err)
	}
	nips := map[string]string{}
	for _, row := range t.rows {
		c := cells{columns: t.columns, row: row}
		id, nip := c.plan(), c.nip()
		if len(c.reasons) > 0 {
			continue
		}
		if other, twice := nips[id]; twice && other != nip {
			nip = ""
		}
		nips[id] = nip
	}
	return nips, nil
}
