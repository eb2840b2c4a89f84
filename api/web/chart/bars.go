package chart

const barsHeight = 190

// Bars draws one bar for each mark, which counts something, from zero, with a dashed line for each target.
func Bars(w Width, words Words, marks []Mark, second bool, show func(float64) string) string {
	var d drawing
	d.open(w, barsHeight, words)
	right := float64(w) - 6
	s := newScale(marks, 1, barsHeight-footRoom, barsHeight-footRoom-topRoom)
	s.grid(&d, leftRoom, right, show)
	slot := (right - leftRoom) / float64(max(len(marks), 1))
	width := min(slot*.68, 44)
	x := func(i int) float64 { return leftRoom + slot*(float64(i)+.5) }
	class := "bar-shape"
	if second {
		class += " second"
	}
	for i, m := range marks {
		if m.Known {
			top := s.y(m.Value)
			d.linked(m, func() { d.rect(class, x(i)-width/2, top, width, s.bottom-top) })
			if slot >= 34 {
				d.text("value", "middle", x(i), top-5, m.Shown)
			}
		}
		if m.HasTarget {
			d.line("target", x(i)-slot*.45, s.y(m.Target), x(i)+slot*.45, s.y(m.Target))
		}
	}
	d.labels(marks, x, barsHeight-7, right-leftRoom)
	return d.close()
}
