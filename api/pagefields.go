package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// fields lists the members of an object, one a line: name, form, whether it is
// needed, and what it means.
func fields(document *huma.OpenAPI, schema *huma.Schema) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		member := schema.Properties[name]
		fmt.Fprintf(&b, "%s: %s", name, form(member))
		if slices.Contains(schema.Required, name) {
			b.WriteString(", required")
		}
		if member.Description != "" {
			b.WriteString(" - " + member.Description)
		}
		b.WriteByte('\n')
		if inner := resolve(document, member); inner != nil && len(inner.Properties) > 0 {
			for line := range strings.Lines(fields(document, inner)) {
				b.WriteString("    " + line)
			}
		}
	}
	return b.String()
}

// resolve gives the object behind a member or behind the items of a list.
func resolve(document *huma.OpenAPI, schema *huma.Schema) *huma.Schema {
	if schema.Items != nil {
		schema = schema.Items
	}
	if schema.Ref != "" {
		return document.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}

func form(s *huma.Schema) string {
	var parts []string
	switch {
	case s.Items != nil:
		parts = append(parts, "list of "+form(s.Items))
	case s.Ref != "":
		parts = append(parts, "object")
	default:
		parts = append(parts, s.Type)
	}
	if s.Format != "" {
		parts = append(parts, s.Format)
	}
	if len(s.Enum) > 0 {
		var values []string
		for _, v := range s.Enum {
			values = append(values, fmt.Sprint(v))
		}
		parts = append(parts, strings.Join(values, " | "))
	}
	if s.MaxLength != nil {
		parts = append(parts, fmt.Sprintf("at most %d characters", *s.MaxLength))
	}
	return strings.Join(parts, ", ")
}
