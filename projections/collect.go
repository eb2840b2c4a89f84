package projections

import (
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Collect reads rows into structs by the names of the columns, as
// pgx.RowToStructByNameLax does: case and underscores aside, a column without a
// field is refused, a field without a column stays empty. It is for rows of many
// columns: where each belongs is found once for all rows, and a value of a named
// type is read as what it is made of, which pgx does several times as fast. It
// closes the rows; no rows give an empty list.
func Collect[T any](rows pgx.Rows) ([]T, error) {
	defer rows.Close()
	var row, empty T
	var places []any
	all := []T{}
	for rows.Next() {
		if places == nil {
			var err error
			if places, err = placesIn(reflect.ValueOf(&row).Elem(), rows.FieldDescriptions()); err != nil {
				return nil, err
			}
		}
		row = empty // lists and pointers are made anew for each row
		if err := rows.Scan(places...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// placesIn gives the pointer into the row for each column.
func placesIn(row reflect.Value, columns []pgconn.FieldDescription) ([]any, error) {
	fields, places := fieldsOf(row.Type()), make([]any, len(columns))
	for n, column := range columns {
		field, ok := fields[fieldName(column.Name)]
		if !ok {
			return nil, fmt.Errorf("%s has no field for the column %s", row.Type(), column.Name)
		}
		places[n] = plain(row.Field(field).Addr())
	}
	return places, nil
}

// fieldsByType keeps fieldsOf for each row type of the program.
var fieldsByType sync.Map

// fieldsOf numbers the fields of a row by the names that columns have for them.
func fieldsOf(row reflect.Type) map[string]int {
	if known, ok := fieldsByType.Load(row); ok {
		return known.(map[string]int)
	}
	fields := map[string]int{}
	for n := range row.NumField() {
		if field := row.Field(n); field.IsExported() {
			fields[fieldName(field.Name)] = n
		}
	}
	fieldsByType.Store(row, fields)
	return fields
}

func fieldName(column string) string { return strings.ToLower(strings.ReplaceAll(column, "_", "")) }

// plainTypes are what most named types are made of.
var plainTypes = map[reflect.Kind]reflect.Type{
	reflect.String: reflect.TypeFor[*string](), reflect.Bool: reflect.TypeFor[*bool](), reflect.Int: reflect.TypeFor[*int](),
	reflect.Int64: reflect.TypeFor[*int64](), reflect.Uint64: reflect.TypeFor[*uint64](),
}

// plain gives the pointer as one to the type that its type is made of, unless the
// type has its own way of being read.
func plain(pointer reflect.Value) any {
	if _, own := pointer.Interface().(sql.Scanner); !own {
		if to, ok := plainTypes[pointer.Elem().Kind()]; ok {
			pointer = pointer.Convert(to)
		}
	}
	return pointer.Interface()
}
