package projections

import (
	"encoding/base64"
	"encoding/json"
	"math"

	"github.com/jejak-kinerja/jejak/domain"
)

const (
	// DefaultPageRows is what one screen shows.
	DefaultPageRows = 50
	// MaxPageRows bounds one answer, and with it the memory of one request.
	MaxPageRows = 200
)

// Page asks for a part of a long list: the rows after Cursor, which is empty for
// the first page and else the Next of the page before.
type Page struct {
	Cursor string
	Limit  int
}

// Rows is one page of a list; Next is empty on the last page.
type Rows[T any] struct {
	Items []T
	Next  string
}

// Size is the number of rows asked for, within bounds.
func (p Page) Size() int {
	if p.Limit <= 0 {
		return DefaultPageRows
	}
	return min(p.Limit, MaxPageRows)
}

// Key reads the cursor into the sort key of the last row seen. The first page
// leaves key as it is. A cursor that is none of ours is refused.
func (p Page) Key(key any) error {
	if p.Cursor == "" {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err == nil {
		err = json.Unmarshal(raw, key)
	}
	position, ok := key.(*uint64)
	if err != nil || ok && *position > math.MaxInt64 { // no log is longer
		return domain.Bad("cursor", "cursor-malformed", "cursor is not one that a page gave")
	}
	return nil
}

// Cut makes a page of rows that were queried with one row more than asked for;
// key gives the sort key of a row.
func Cut[T any](p Page, rows []T, key func(T) any) (Rows[T], error) {
	if len(rows) <= p.Size() {
		return Rows[T]{Items: rows}, nil
	}
	rows = rows[:p.Size()]
	raw, err := json.Marshal(key(rows[len(rows)-1]))
	if err != nil {
		return Rows[T]{}, err
	}
	return Rows[T]{Items: rows, Next: base64.RawURLEncoding.EncodeToString(raw)}, nil
}
