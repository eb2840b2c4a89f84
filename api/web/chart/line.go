package chart

import "strings"

const (
	lineHeight = 200
	// leftRoom holds six digits with separators; rightRoom half a label.
	leftRoom  = 54.0
	rightRoom = 18.0
	topRoom   = 22.0
	footRoom  = 26.0
	// labelRoom is what a label under the axis needs.
	labelRoom = 46.0
)

// Line draws figures over time, from zero, with a dashed step for each target.
// A period nobody reported on leaves a gap. Show writes a number of the axis.
func Line(w Width, words Words, marks []Mark, show func(float64) string) string {
	var d drawing
	d.open(w, lineHeight, words)
	right := float64(w) - rightRoom
	s := newScale(marks, 0, lineHeight-footRoom, lineHeight-footRoom-topRoom)
	s.grid(&d, leftRoom, right, show)
	x := func(i int) float64 {
		if len(marks) < 2 {
			return (leftRoom + right) / 2
		}
		return leftRoom + 14 + (right-leftRoom-28)*float64(i)/float64(len(marks)-1)
	}
	d.labels(marks, x, lineHeight-7, right-leftRoom)
	var path strings.Builder
	pen := "M"
	for i, m := range marks {
		if !m.Known {
			pen = "M"
			continue
		}
		path.WriteString(pen + num(x(i)) + " " + num(s.y(m.Value)))
		pen = "L"
	}
	if path.Len() > 0 {
		d.WriteString(`<path class="series" d="` + path.String() + `"/>`)
	}
	for i, m := range marks {
		if m.HasTarget {
			d.line("target", x(i)-14, s.y(m.Target), x(i)+14, s.y(m.Target))
		}
		if m.Known {
			d.linked(m, func() { d.dot(m, x(i), s.y(m.Value)) })
		}
	}
	d.lastValue(marks, x, s)
	return d.close()
}

func (d *drawing) dot(m Mark, x, y float64) {
	class, radius := "dot", "4.5"
	if m.Flagged {
		class, radius = "dot flag", "6"
	}
	d.WriteString(`<circle class="` + class + `" cx="` + num(x) + `" cy="` + num(y) + `" r="` + radius + `"/>`)
}

// lastValue writes the latest known figure beside its dot, away from its target.
func (d *drawing) lastValue(marks []Mark, x func(int) float64, s scale) {
	for i := len(marks) - 1; i >= 0; i-- {
		if marks[i].Known {
			anchor := "end"
			if i == 0 {
				anchor = "start"
			}
			y := s.y(marks[i].Value) - 11
			if marks[i].HasTarget && marks[i].Target >= marks[i].Value {
				y = s.y(marks[i].Value) + 20
			}
			d.text("value", anchor, x(i)+8, y, marks[i].Shown)
			return
		}
	}
}

// labels writes as many labels under the axis as fit, the last one always.
func (d *drawing) labels(marks []Mark, x func(int) float64, y, room float64) {
	every := 1
	for float64((len(marks)+every-1)/every)*labelRoom > room {
		every++
	}
	for i, m := range marks {
		if (len(marks)-1-i)%every == 0 {
			label := m.Short
			if label == "" {
				label = m.Label
			}
			d.text("", "middle", x(i), y, label)
		}
	}
}
