package importing

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/internal/tabular"
)

// Reason is why a row was rejected: the cell at fault, what kind of thing is in
// it (never the thing itself), and the slug of what to do about it.
type Reason struct {
	Column string `json:"column,omitzero"`
	Header string `json:"header,omitzero"`
	Holds  string `json:"holds"`
	Slug   string `json:"slug"`
}

// holds names what a cell is, for "label.cell.<name>".
var holds = map[tabular.Kind]string{tabular.Empty: "empty", tabular.Text: "text", tabular.Number: "number", tabular.Date: "date",
	tabular.Bool: "bool", tabular.Formula: "formula", tabular.Fault: "fault"}

// cells reads the cells of one row and gathers what is wrong with them.
type cells struct {
	columns columns
	header  tabular.Row
	row     tabular.Row
	reasons []Reason
}

func (c *cells) cell(f field) tabular.Cell {
	if column, ok := c.columns[f]; ok {
		return c.row.At(column)
	}
	return tabular.Cell{}
}

// reject notes what is wrong with a cell.
func (c *cells) reject(f field, slug string) {
	r := Reason{Slug: slug, Holds: holds[c.cell(f).Kind]}
	if column, ok := c.columns[f]; ok {
		r.Column, r.Header = tabular.ColumnName(column), c.header.At(column).Text
	}
	c.reasons = append(c.reasons, r)
}

// text reads a cell that must be a text or empty: one line, blanks evened out.
func (c *cells) text(f field) string {
	cell := c.cell(f)
	switch cell.Kind {
	case tabular.Empty:
		return ""
	case tabular.Formula:
		c.reject(f, "row-formula")
		return ""
	case tabular.Fault:
		c.reject(f, "row-error-cell")
		return ""
	case tabular.Number, tabular.Date, tabular.Bool:
		c.reject(f, "row-not-text")
		return ""
	}
	text := strings.Join(strings.Fields(tabular.Plain(cell.Text)), " ")
	if strings.HasPrefix(text, "=") {
		c.reject(f, "row-formula")
		return ""
	}
	if utf8.RuneCountInString(text) > domain.MaxWordingRunes || text != "" && domain.CheckWording("cell", text) != nil {
		c.reject(f, "row-text-unusable")
		return ""
	}
	return text
}

// must reads a text that may not be missing.
func (c *cells) must(f field, most int) string {
	before := len(c.reasons)
	text := c.text(f)
	if len(c.reasons) > before {
		return ""
	}
	if text == "" {
		c.reject(f, "row-cell-missing")
	} else if utf8.RuneCountInString(text) > most {
		c.reject(f, "row-text-unusable")
	}
	return text
}

// plan reads BKN's id of the plan: a text, or a whole number short enough to be exact.
func (c *cells) plan() string {
	cell := c.cell(planField)
	const exactDigits = 15
	if cell.Kind == tabular.Number && len(cell.Text) <= exactDigits && strings.Trim(cell.Text, "0123456789") == "" {
		return cell.Text
	}
	return c.must(planField, bkn.MaxPlanRunes)
}

// nip reads the number of 18 digits, which only a text keeps whole.
func (c *cells) nip() string {
	if c.cell(nipField).Kind == tabular.Number {
		c.reject(nipField, "row-nip-is-number")
		return ""
	}
	before := len(c.reasons)
	nip := strings.ReplaceAll(c.must(nipField, domain.MaxWordingRunes), " ", "")
	if len(c.reasons) == before && (len(nip) != commands.NIPDigits || strings.Trim(nip, "0123456789") != "") {
		c.reject(nipField, "row-nip-malformed")
	}
	return nip
}

// day reads a day; empty when the cell is.
func (c *cells) day(f field) domain.Date {
	if cell := c.cell(f); cell.Kind == tabular.Date {
		if day, ok := readDay(cell.Text); ok {
			return day
		}
	}
	if c.cell(f).Kind == tabular.Number {
		c.reject(f, "row-date-is-number")
		return ""
	}
	text := c.text(f)
	if text == "" {
		return ""
	}
	day, ok := readDay(text)
	if !ok {
		c.reject(f, "row-date-malformed")
	}
	return day
}

// acting reads whether the post is an acting one.
func (c *cells) acting() bool {
	switch cell := c.cell(actingField); strings.ToLower(tabular.Plain(strings.TrimSpace(cell.Text))) {
	case "1", "true":
		return true
	case "0", "false":
		return false
	}
	c.reject(actingField, "row-acting-unclear")
	return false
}

// predicates by the words of the reports.
var predicates = map[string]bkn.Predicate{
	"sangat baik": bkn.VeryGood, "baik": bkn.Good, "butuh perbaikan": bkn.NeedsImprovement,
	"kurang": bkn.Poor, "misconduct": bkn.Poor, "kurang/misconduct": bkn.Poor, "kurang (misconduct)": bkn.Poor,
	"sangat kurang": bkn.VeryPoor,
}

// predicate reads the outcome; empty for "-", which means that there is none yet.
func (c *cells) predicate() bkn.Predicate {
	text := strings.ToLower(c.text(predicateField))
	if text == "" || text == "-" {
		return ""
	}
	p, ok := predicates[text]
	if !ok {
		c.reject(predicateField, "row-predicate-unknown")
	}
	return p
}

// employment reads the kind of service; empty when the report does not tell.
func (c *cells) employment() person.Employment {
	text := strings.ReplaceAll(strings.ToLower(c.text(employmentField)), " ", "-")
	if text == "" || slices.Contains(person.Employments, person.Employment(text)) {
		return person.Employment(text)
	}
	c.reject(employmentField, "row-employment-unknown")
	return ""
}

// levels by the words of the reports, without "jabatan" before them.
var levels = map[string]person.Level{
	"pimpinan tinggi": person.SeniorLeader, "pimpinan tinggi pratama": person.SeniorLeader, "jpt": person.SeniorLeader, "jpt pratama": person.SeniorLeader,
	"administrator": person.Administrator, "pengawas": person.Supervisor, "pelaksana": person.Executive, "fungsional": person.Functional,
}

// level reads the rank of the post; empty when the report does not tell.
func (c *cells) level() person.Level {
	text := strings.TrimPrefix(strings.ToLower(c.text(levelField)), "jabatan ")
	if text == "" {
		return ""
	}
	level, ok := levels[text]
	if !ok {
		c.reject(levelField, "row-level-unknown")
	}
	return level
}
