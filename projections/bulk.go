package projections

// Bulk collects rows for Statements.Row: those of one statement become one array
// for each parameter. The zero Bulk is empty.
type Bulk struct{ rows []row }

type row struct {
	sql    string
	values []any
}

// Add collects one row.
func (b *Bulk) Add(sql string, values ...any) { b.rows = append(b.rows, row{sql, values}) }

// Len is the number of rows collected.
func (b *Bulk) Len() int { return len(b.rows) }

// Cut takes back what was added since there were n rows.
func (b *Bulk) Cut(n int) { b.rows = b.rows[:n] }

// Flush hands each statement with its arrays to exec, in the order of their first
// rows, and leaves the Bulk empty.
func (b *Bulk) Flush(exec func(sql string, args ...any)) {
	var order []string
	columns := map[string][]any{}
	for _, r := range b.rows {
		arrays, known := columns[r.sql]
		if !known {
			order = append(order, r.sql)
			arrays = make([]any, len(r.values))
			for n := range arrays {
				arrays[n] = make([]any, 0, len(b.rows))
			}
			columns[r.sql] = arrays
		}
		for n, value := range r.values {
			arrays[n] = append(arrays[n].([]any), value) //nolint:errcheck // made above
		}
	}
	for _, sql := range order {
		exec(sql, columns[sql]...)
	}
	b.rows = nil
}
