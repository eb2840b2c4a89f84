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
