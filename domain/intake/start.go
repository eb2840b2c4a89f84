package intake

import (
	"slices"
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
)

// Start begins to bring in a file, or goes on with it. Istilah: mulai impor.
type Start struct {
	File      string
	Report    Report
	Span      domain.Span
	UpdatedOn domain.Date
	Rows      int
}

func (Start) importCommand() {}

// digestLength of a SHA-256 in hex.
const digestLength = 64

func decideStart(s State, c Start) ([]Event, error) {
	if len(c.File) != digestLength || strings.Trim(c.File, "0123456789abcdef") != "" {
		return nil, domain.Bad("file", "digest-malformed", "file is a SHA-256 in hex")
	}
	if !slices.Contains(Reports, c.Report) {
		return nil, domain.Bad("report", "report-unknown", "report is one of %v", Reports)
	}
	for field, day := range map[string]domain.Date{"span.from": c.Span.From, "span.until": c.Span.Until, "updated_on": c.UpdatedOn} {
		if day == "" && field == "updated_on" {
			continue
		}
		if err := domain.CheckDate(field, day); err != nil {
			return nil, err
		}
	}
	if c.Rows < 1 || c.Rows > MaxRows {
		return nil, domain.Bad("rows", "rows-out-of-range", "a file has 1 to %d rows", MaxRows)
	}
	if s.Exists() {
		if s.File == c.File && s.Report == c.Report && s.Rows == c.Rows {
			return nil, nil
		}
		return nil, domain.Refuse("import-of-another-shape", "this file was read as a %s of %d rows before", s.Report, s.Rows)
	}
	return []Event{Started(c)}, nil
}
