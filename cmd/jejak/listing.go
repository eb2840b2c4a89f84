package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// listFlag is on everything that lists: a table is for people, lines for programs.
type listFlag struct {
	JSON bool `name:"json" help:"One JSON line for each, instead of a table."`
}

// table says how things are shown in a table: its heading, and a cell for each of it.
type table[T any] struct {
	heading []string
	cells   func(T) []any
}

// list prints things as a table, nothing when there are none, or as JSON lines.
func list[T any](term terminal, flag listFlag, things []T, as table[T], line func(T) any) error {
	if flag.JSON {
		out := json.NewEncoder(term.out)
		for _, t := range things {
			if err := out.Encode(line(t)); err != nil {
				return err
			}
		}
		return nil
	}
	out := tabwriter.NewWriter(term.out, 0, 0, 2, ' ', 0)
	for n, t := range things {
		if n == 0 {
			fmt.Fprintln(out, strings.Join(as.heading, "\t"))
		}
		cells := as.cells(t)
		texts := make([]string, len(cells))
		for i, c := range cells {
			texts[i] = cell(c)
		}
		fmt.Fprintln(out, strings.Join(texts, "\t"))
	}
	return out.Flush()
}

// cell writes a value on one line; nothing is "-".
func cell(value any) string {
	switch v := value.(type) {
	case time.Time:
		return v.Format(time.RFC3339)
	case *time.Time:
		if v == nil {
			return "-"
		}
		return v.Format(time.RFC3339)
	}
	text := strings.Join(strings.Fields(fmt.Sprint(value)), " ")
	if text == "" {
		return "-"
	}
	return text
}
