package v1

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth of a body: ours are four deep, and a bomb of brackets is thousands.
const maxDepth = 100

// errNUL refuses \u0000, which PostgreSQL texts cannot hold.
var errNUL = errors.New(`a string holds \u0000`)

// strict reads JSON as a ledger must: invalid UTF-8, lone surrogates, a name
// twice, \u0000 and anything after the value are errors, and nothing is mended.
var strict = huma.Format{Marshal: marshal, Unmarshal: unmarshal}

func marshal(w io.Writer, v any) error { return huma.DefaultJSONFormat.Marshal(w, v) }

func unmarshal(data []byte, v any) error {
	if err := inspect(data); err != nil {
		return err
	}
	return json.Unmarshal(data, v, jsontext.AllowInvalidUTF8(false), jsontext.AllowDuplicateNames(false))
}

// inspect looks at every token once.
func inspect(data []byte) error {
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowInvalidUTF8(false), jsontext.AllowDuplicateNames(false))
	for {
		token, err := dec.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case dec.StackDepth() > maxDepth:
			return fmt.Errorf("more than %d levels", maxDepth)
		case token.Kind() == '"' && strings.ContainsRune(token.String(), 0):
			return errNUL
		}
	}
}
