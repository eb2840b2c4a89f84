package tabular

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// workbook is an XLSX file whose size we have found honest.
type workbook struct {
	parts     map[string]*zip.File
	sheet     string
	strings   []string
	dates     map[int]bool
	since1904 bool
}

func readXLSX(file io.ReaderAt, size int64, each func(Row) error) error {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	w := workbook{parts: map[string]*zip.File{}}
	if err := w.measure(archive.File); err != nil {
		return err
	}
	for _, step := range []func() error{w.findSheet, w.readStrings, w.readStyles} {
		if err := step(); err != nil {
			return err
		}
	}
	return w.readSheet(each)
}

// measure refuses a file that unpacks to too much, before any of it is unpacked.
// The sizes are the file's own word; opening a part holds it to its word.
func (w *workbook) measure(files []*zip.File) error {
	if len(files) > MaxParts {
		return fmt.Errorf("%w: %d parts", ErrTooLarge, len(files))
	}
	var total uint64
	for _, f := range files {
		if total += min(f.UncompressedSize64, MaxUnpackedBytes+1); total > MaxUnpackedBytes {
			return fmt.Errorf("%w: it unpacks to more than %d bytes", ErrTooLarge, MaxUnpackedBytes)
		}
		name := strings.TrimPrefix(f.Name, "/")
		if _, twice := w.parts[name]; twice {
			return fmt.Errorf("%w: two parts named %q", ErrDamaged, name)
		}
		w.parts[name] = f
	}
	return nil
}

// elements walks through the start and end tags and the texts of a part; a part
// that is not there has none.
func (w *workbook) elements(name string, limit int64, see func(xml.Token) error) (err error) {
	part, ok := w.parts[name]
	if !ok {
		return nil
	}
	if part.UncompressedSize64 > uint64(limit) {
		return fmt.Errorf("%w: %s", ErrTooLarge, name)
	}
	content, err := part.Open()
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	in := xml.NewDecoder(io.LimitReader(content, int64(part.UncompressedSize64)+1))
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
		}
		if err := see(token); err != nil {
			return err
		}
	}
}

// findSheet finds the first sheet of the workbook.
func (w *workbook) findSheet() error {
	var relation string
	err := w.elements("xl/workbook.xml", MaxStringBytes, func(token xml.Token) error {
		start, ok := token.(xml.StartElement)
		switch {
		case ok && start.Name.Local == "workbookPr":
			w.since1904 = isTrue(attribute(start, "date1904"))
		case ok && start.Name.Local == "sheet" && relation == "":
			relation = attribute(start, "id")
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = w.elements("xl/_rels/workbook.xml.rels", MaxStringBytes, func(token xml.Token) error {
		if start, ok := token.(xml.StartElement); ok && relation != "" && attribute(start, "Id") == relation {
			w.sheet = path.Join("xl", attribute(start, "Target"))
			if target := attribute(start, "Target"); strings.HasPrefix(target, "/") {
				w.sheet = strings.TrimPrefix(target, "/")
			}
		}
		return nil
	})
	if _, ok := w.parts[w.sheet]; err == nil && !ok {
		err = fmt.Errorf("%w: it has no sheet", ErrFormat)
	}
	return err
}

func isTrue(s string) bool { return s == "1" || s == "true" }

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// readStrings reads the table of shared texts.
func (w *workbook) readStrings() error {
	var text strings.Builder
	inText, phonetic := false, 0
	return w.elements("xl/sharedStrings.xml", MaxStringBytes, func(token xml.Token) error {
		switch e := token.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "t" && phonetic == 0
			if e.Name.Local == "rPh" {
				phonetic++
			}
		case xml.CharData:
			if inText {
				text.Write(e)
			}
		case xml.EndElement:
			inText = false
			switch e.Name.Local {
			case "rPh":
				phonetic--
			case "si":
				w.strings = append(w.strings, text.String())
				text.Reset()
			}
		}
		return nil
	})
}
