package projections

import (
	"fmt"
	"strings"
)

// Over makes a statement for Statements.Each and Append: one that works on the
// rows of many facts at once. sql reads them from r, whose columns are given in
// order with their types ("stream text, at bigint"); each becomes one array
// parameter. As no two rows of one execution belong to the same stream, an update
// that joins r by what belongs to a stream meets each row at most once; what many
// streams share must be added up (group by) inside the statement.
//
// Rows of a table are joined to r by Lookup only: PostgreSQL keeps the plan of a
// statement, and one made when a table was empty would read all of it for ever.
func Over(columns, sql string) string {
	var names, arrays []string
	for n, column := range strings.Split(columns, ",") {
		name, kind, _ := strings.Cut(strings.TrimSpace(column), " ")
		names, arrays = append(names, name), append(arrays, fmt.Sprintf("$%d::%s[]", n+1, kind))
	}
	sql = strings.TrimSpace(sql)
	if rest, chained := strings.CutPrefix(sql, "with "); chained {
		sql = ", " + rest
	} else {
		sql = " " + sql
	}
	return "with r as (select * from unnest(" + strings.Join(arrays, ", ") + ") as r (" + strings.Join(names, ", ") + "))" + sql
}

// Lookup finds, for each row of r, the rows of a table that have the same keys, by
// the table's index on them, whatever the planner believes of the table's size.
// It stands in a from clause after r. Its column place is the ctid: a statement
// that changes what was found names it so ("where t.ctid = f.place"), and puts
// every other condition on f, so that t can be reached in no other way.
func Lookup(table string, keys ...string) string {
	same := make([]string, len(keys))
	for n, key := range keys {
		same[n] = "l." + key + " = r." + key
	}
	return "lateral (select l.ctid as place, l.* from " + table + " l where " + strings.Join(same, " and ") + " offset 0)"
}
