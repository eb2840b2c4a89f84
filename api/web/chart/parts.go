package chart

import "strconv"

const partsHeight = 44

// Parts draws the parts of a whole as one bar, the first part in the first of
// five colours ("s1" … "s5"). A part of under a twentieth carries no number.
func Parts(w Width, words Words, marks []Mark) string {
	var d drawing
	d.open(w, partsHeight, words)
	whole := 0.0
	for _, m := range marks {
		whole += m.Value
	}
	x := 0.0
	for i, m := range marks {
		if whole == 0 || m.Value == 0 {
			continue
		}
		width := m.Value / whole * float64(w)
		d.linked(m, func() { d.rect("s"+strconv.Itoa(i%5+1), x, 18, max(width-1.5, 1), 26) })
		if width >= float64(w)/20 {
			d.text("value", "start", x, 12, m.Shown)
		}
		x += width
	}
	if whole == 0 {
		d.rect("cell", 0, 18, float64(w), 26)
	}
	return d.close()
}
