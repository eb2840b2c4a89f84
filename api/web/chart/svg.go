package chart

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// Width of a picture in CSS pixels.
type Width int

const (
	// Slim fits a phone of 360 pixels with its margins.
	Slim Width = 328
	// Wide fits half a desk.
	Wide Width = 560
)

// class is what the page's style knows the width by.
func (w Width) class() string {
	if w == Wide {
		return "wide"
	}
	return "slim"
}

// Words are what a reader who does not see the picture is told. ID is unique on
// the page.
type Words struct {
	ID    string
	Title string
	Desc  string
}

// Mark is one figure: where it stands, how high, how it is written, and where
// its facts are.
type Mark struct {
	Label string
	// Short replaces Label where there is little room; empty means Label.
	Short string
	Value float64
	// Known is false when nobody has said; then nothing is drawn.
	Known bool
	// Shown is the value as the language writes it.
	Shown string
	// Target is what was to be reached; drawn when HasTarget.
	Target    float64
	HasTarget bool
	// Flagged marks a figure with a warning.
	Flagged bool
	// Href leads to the facts behind the figure.
	Href string
}

type drawing struct{ strings.Builder }

func (d *drawing) open(w Width, height int, words Words) {
	id := words.ID + "-" + w.class()
	fmt.Fprintf(d, `<svg class="%s" viewBox="0 0 %d %d" role="group" aria-labelledby="%s-t %s-d"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>`,
		w.class(), w, height, id, id, id, html.EscapeString(words.Title), id, html.EscapeString(words.Desc))
}

func (d *drawing) close() string {
	d.WriteString("</svg>")
	return d.String()
}

func (d *drawing) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(d, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class, num(x1), num(y1), num(x2), num(y2))
}

func (d *drawing) text(class, anchor string, x, y float64, s string) {
	if class != "" {
		class = ` class="` + class + `"`
	}
	fmt.Fprintf(d, `<text%s text-anchor="%s" x="%s" y="%s">%s</text>`, class, anchor, num(x), num(y), html.EscapeString(s))
}

func (d *drawing) rect(class string, x, y, w, h float64) {
	fmt.Fprintf(d, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class, num(x), num(y), num(w), num(h))
}

// linked draws inside a link to the facts, named for those who do not see it.
func (d *drawing) linked(m Mark, draw func()) {
	if m.Href == "" {
		draw()
		return
	}
	fmt.Fprintf(d, `<a href="%s" aria-label="%s" tabindex="-1">`, html.EscapeString(m.Href), html.EscapeString(m.Label+": "+m.Shown))
	draw()
	d.WriteString("</a>")
}

// num writes a coordinate with at most one decimal.
func num(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}
