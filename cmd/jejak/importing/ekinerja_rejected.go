package importing

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/tabular"
)

// ownerOnly: rejected rows hold names and NIPs.
const ownerOnly = 0o600

// reasonHeaders stand after the report's own columns. A report never has them, so
// that the file can be mended and brought in again as it is.
var reasonHeaders = []string{"Jejak: baris asal", "Jejak: kolom", "Jejak: isi sekarang", "Jejak: yang harus diperbaiki"}

// writeRejected writes the rejected rows in the shape of the report, title and
// header included, each with the cells at fault and what to do about them.
func (b *batch) writeRejected(path string) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, ownerOnly)
	if err != nil {
		return fmt.Errorf("write the rejected rows: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	width := len(b.table.header.Cells)
	for _, r := range b.records {
		if !r.accepted() {
			width = max(width, len(r.row.Cells))
		}
	}
	return tabular.Write(file, "Ditolak", func(yield func([]string) bool) {
		line := 1
		for _, above := range b.table.above {
			for ; line < above.Number; line++ { // the stamp keeps its place
				if !yield(nil) {
					return
				}
			}
			if line++; !yield(texts(above, len(above.Cells))) {
				return
			}
		}
		if !yield(append(texts(b.table.header, width), reasonHeaders...)) {
			return
		}
		for _, r := range b.records {
			if !r.accepted() && !yield(append(b.damaged(r, width), explain(r)...)) {
				return
			}
		}
	})
}

// damaged gives the texts of a rejected row. A NIP that was a number is marked: as
// a text its digits would look whole, and be wrong.
func (b *batch) damaged(r *record, width int) []string {
	row := texts(r.row, width)
	if column, ok := b.table.columns[nipField]; ok && r.row.At(column).Kind == tabular.Number {
		row[column] = "angka " + row[column]
	}
	return row
}

func texts(row tabular.Row, width int) []string {
	out := make([]string, width)
	for i := range out {
		out[i] = tabular.Plain(row.At(i).Text)
	}
	return out
}

// explain says which cells are at fault and what to do, one line for each.
func explain(r *record) []string {
	say := words.In(caller.Indonesian)
	var where, what, todo []string
	for _, reason := range r.reasons {
		where = append(where, strings.TrimSpace(reason.Column+" "+reason.Header))
		what = append(what, say.Label("cell", reason.Holds))
		todo = append(todo, say.Refusal(&domain.Error{Kind: domain.Invalid, Slug: reason.Slug}))
	}
	lines := func(s []string) string { return strings.Join(s, "\n") }
	return []string{fmt.Sprint(r.row.Number), lines(where), lines(what), lines(todo)}
}
