package feed

import (
	"encoding/json"
	"fmt"
	"time"
)

// TypePrefix stands before the stored name in a CloudEvent's type.
const TypePrefix = "id.jejak."

// SchemaPath is where the JSON Schema of a stored name is served, with ".json" behind it.
const SchemaPath = "/schemas/"

// cloudEvent is the JSON form of CloudEvents 1.0. The last five members are
// extensions; as their specification wants, sequence is a text.
type cloudEvent struct {
	SpecVersion     string          `json:"specversion"`
	ID              string          `json:"id"`
	Source          string          `json:"source"`
	Type            string          `json:"type"`
	Subject         string          `json:"subject"`
	Time            string          `json:"time"`
	DataContentType string          `json:"datacontenttype"`
	DataSchema      string          `json:"dataschema,omitempty"`
	Data            json.RawMessage `json:"data,omitempty"`
	DataBase64      []byte          `json:"data_base64,omitempty"`
	Sequence        string          `json:"sequence"`
	Position        string          `json:"position"`
	Actor           string          `json:"actor,omitempty"`
	Capacity        string          `json:"capacity,omitempty"`
	Correlation     string          `json:"correlation,omitempty"`
}

// encode writes an event as a CloudEvent. An event that could not be decoded is
// handed on as its bytes: the reader, not we, decides what to do without it.
func encode(e Entry, base string) ([]byte, error) {
	at := e.Meta.RecordedAt
	if at.IsZero() {
		at = e.StoredAt
	}
	c := cloudEvent{
		SpecVersion: "1.0", ID: string(e.ID), Source: sourceOf(base), Type: TypePrefix + e.Name, Subject: e.Stream,
		Time: at.UTC().Format(time.RFC3339Nano), DataContentType: "application/json",
		DataSchema: base + SchemaPath + e.Name + ".json",
		Sequence:   fmt.Sprintf("%020d", e.Revision), Position: fmt.Sprint(e.Position),
		Actor: string(e.Meta.Actor), Capacity: string(e.Meta.Capacity), Correlation: e.Meta.Correlation,
	}
	if e.Err == nil && json.Valid(e.Data) {
		c.Data = e.Data
	} else {
		c.DataContentType, c.DataSchema, c.DataBase64 = "application/octet-stream", "", e.Data
	}
	line, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode event %s: %w", e.ID, err)
	}
	return line, nil
}

// sourceOf names this ledger: the address under which it is reached, or, when
// nobody has said, a name without a place.
func sourceOf(base string) string {
	if base == "" {
		return "urn:jejak"
	}
	return base
}
