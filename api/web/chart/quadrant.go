package chart

// Quadrant is the table of the two ratings with the one cell that holds.
type Quadrant struct {
	Words
	// Rows are the result's ratings from high to low, Columns the behaviour's from low to high.
	RowTitle, ColumnTitle string
	Rows, Columns         [3]string
	Cells                 [3][3]string
	// Row and Column of the cell that holds; negative when there is none yet.
	Row, Column int
}

// Draw draws the quadrant. Long words are written on two lines.
func (q Quadrant) Draw() string {
	const left, top, cellW, cellH = 74.0, 22.0, 84.0, 52.0
	var d drawing
	d.open(Slim, 238, q.Words)
	for r := range 3 {
		y := top + float64(r)*cellH
		d.lines("", "end", left-8, y+cellH/2+4, q.Rows[r])
		for c := range 3 {
			x := left + float64(c)*cellW
			class, textClass := "cell", ""
			if r == q.Row && c == q.Column {
				class, textClass = "cell here", "here"
			}
			d.rect(class, x+1, y+1, cellW-2, cellH-2)
			d.lines(textClass, "middle", x+cellW/2, y+cellH/2+4, q.Cells[r][c])
		}
	}
	for c := range 3 {
		d.lines("", "middle", left+(float64(c)+.5)*cellW, top+3*cellH+20, q.Columns[c])
	}
	d.text("value", "start", 0, 12, q.RowTitle+" ↑")
	d.text("value", "end", float64(Slim), 234, q.ColumnTitle+" →")
	return d.close()
}

// lines writes a text of several words on two lines around y.
func (d *drawing) lines(class, anchor string, x, y float64, s string) {
	first, second := halves(s)
	if second == "" {
		d.text(class, anchor, x, y, s)
		return
	}
	d.text(class, anchor, x, y-7, first)
	d.text(class, anchor, x, y+7, second)
}

// halves splits a text of more than nine letters at the space nearest its middle.
func halves(s string) (string, string) {
	if len(s) <= 9 {
		return s, ""
	}
	best := -1
	for i, c := range s {
		if c == ' ' && (best < 0 || abs(i-len(s)/2) < abs(best-len(s)/2)) {
			best = i
		}
	}
	if best < 0 {
		return s, ""
	}
	return s[:best], s[best+1:]
}

func abs(n int) int { return max(n, -n) }
