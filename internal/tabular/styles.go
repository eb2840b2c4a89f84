package tabular

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// readStyles finds out which styles show a number as a day.
func (w *workbook) readStyles() error {
	w.dates = map[int]bool{}
	custom, inCells, style := map[int]bool{}, false, 0
	return w.elements("xl/styles.xml", MaxStringBytes, func(token xml.Token) error {
		if end, ok := token.(xml.EndElement); ok && end.Name.Local == "cellXfs" {
			inCells = false
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			return nil
		}
		number := func(name string) int { n, _ := strconv.Atoi(attribute(start, name)); return n } // none is 0, the plain format
		switch start.Name.Local {
		case "numFmt":
			custom[number("numFmtId")] = showsDay(attribute(start, "formatCode"))
		case "cellXfs":
			inCells = true
		case "xf":
			if inCells {
				id := number("numFmtId")
				w.dates[style] = custom[id] || builtInDate(id)
				style++
			}
		}
		return nil
	})
}

// builtInDate knows the formats that every spreadsheet has without saying so:
// 14 to 17 and 22 show a day, 27 to 36 and 50 to 58 do in some languages.
func builtInDate(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58
}

// showsDay says whether a format code shows a year or a day: y or d outside of
// texts, colours and escaped characters.
func showsDay(code string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case !bracket && strings.IndexByte("yYdD", c) >= 0:
			return true
		}
	}
	return false
}

// lastSerial is the day 9999-12-31 as a spreadsheet counts.
const lastSerial = 2_958_465

// dayOf gives the day of a spreadsheet's serial number. Spreadsheets count
// 1900-02-29, which never was; days before are not ours to read.
func (w *workbook) dayOf(serial string) (string, error) {
	n, err := strconv.ParseFloat(serial, 64)
	if err != nil || math.IsNaN(n) || n < 61 || n > lastSerial {
		return "", fmt.Errorf("%q is no day", serial)
	}
	first := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	if w.since1904 {
		first = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	return first.AddDate(0, 0, int(n)).Format(time.DateOnly), nil
}
