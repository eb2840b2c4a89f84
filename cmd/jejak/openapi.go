package main

import (
	"encoding/json"

	"github.com/jejak-kinerja/jejak/api"
	v1 "github.com/jejak-kinerja/jejak/api/v1"
)

// openapiCommand prints the document that /openapi.json serves.
type openapiCommand struct{}

// Run prints OpenAPI 3.1, indented.
func (openapiCommand) Run(term terminal) error {
	document := api.Document(api.Deps{V1: v1.Deps{Version: version}})
	out := json.NewEncoder(term.out)
	out.SetIndent("", "  ")
	return out.Encode(document)
}
