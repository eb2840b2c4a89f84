package web

import "github.com/a-h/templ"

// fieldID names a field on the page; forms of one page must not share ids.
func fieldID(f form, name string) string {
	if f.Action == "" {
		return "f-" + name
	}
	return "f-" + f.Action + "-" + name
}

// described ties a field to its hint and its fault.
func described(f form, name, hint string) templ.Attributes {
	by := ""
	if hint != "" {
		by = fieldID(f, name) + "-hint"
	}
	a := templ.Attributes{}
	if f.wrong(name) {
		by = fieldID(f, name) + "-wrong " + by
		a["aria-invalid"] = "true"
	}
	if by != "" {
		a["aria-describedby"] = by
	}
	return a
}
