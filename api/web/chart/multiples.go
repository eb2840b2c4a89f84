package chart

import "strings"

const (
	smallHeight = 56
	smallFoot   = 4.0
)

// Small draws one of many small lines that share a reading: no axis, from zero,
// its last value marked. Put several beside each other to compare shapes.
func Small(words Words, marks []Mark) string {
	var d drawing
	d.open(Slim, smallHeight, words)
	s := newScale(marks, 0, smallHeight-smallFoot, smallHeight-smallFoot-8)
	d.line("axis", 0, s.bottom, float64(Slim), s.bottom)
	var path strings.Builder
	pen := "M"
	lastX, lastY := 0.0, 0.0
	for i, m := range marks {
		if !m.Known {
			pen = "M"
			continue
		}
		lastX, lastY = 6+(float64(Slim)-12)*float64(i)/float64(max(len(marks)-1, 1)), s.y(m.Value)
		path.WriteString(pen + num(lastX) + " " + num(lastY))
		if pen == "M" { // alone between gaps it would not be seen
			path.WriteString("h.1")
		}
		pen = "L"
	}
	if path.Len() > 0 {
		d.WriteString(`<path class="series" d="` + path.String() + `"/>`)
		d.dot(Mark{}, lastX, lastY)
	}
	return d.close()
}
