package domain

import (
	"errors"
	"fmt"
)

// Kind sorts refusals by what the caller can do about them. The edge maps each
// kind to one HTTP status.
type Kind int

const (
	// Invalid input: mend the named field and send again.
	Invalid Kind = iota + 1
	// Unauthenticated: we do not know who asks.
	Unauthenticated
	// Forbidden: we know who asks, and this person may not.
	Forbidden
	// NotFound: there is no such thing, or not for this person.
	NotFound
	// Conflict: somebody else was faster; load again and decide anew.
	Conflict
	// Stale: the caller decided on an older revision than the present one.
	Stale
	// Refused: the rules of the stream do not allow this now.
	Refused
	// Unavailable: try again later, nothing was stored or its fate is unknown.
	Unavailable
)

// Kinds lists every kind, for tables that must have a row for each.
var Kinds = []Kind{Invalid, Unauthenticated, Forbidden, NotFound, Conflict, Stale, Refused, Unavailable}

// Error is a refusal. Slug is its stable name for programs and translations
// ("plan-not-draft"); Detail is an English sentence for logs and developers,
// without personal data; Field names the input at fault, if one is.
type Error struct {
	Kind   Kind
	Slug   string
	Detail string
	Field  string
}

func (e *Error) Error() string { return e.Slug + ": " + e.Detail }

// Refuse makes a refusal by the rules of a stream.
func Refuse(slug, format string, args ...any) *Error {
	return &Error{Kind: Refused, Slug: slug, Detail: fmt.Sprintf(format, args...)}
}

// Bad makes a refusal of one input field.
func Bad(field, slug, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Slug: slug, Field: field, Detail: fmt.Sprintf(format, args...)}
}

// Forbid makes a refusal of the person who asks.
func Forbid(slug, format string, args ...any) *Error {
	return &Error{Kind: Forbidden, Slug: slug, Detail: fmt.Sprintf(format, args...)}
}

// Missing says that there is no such thing.
func Missing(slug, format string, args ...any) *Error {
	return &Error{Kind: NotFound, Slug: slug, Detail: fmt.Sprintf(format, args...)}
}

// KindOf finds the kind of a wrapped refusal; 0 when err is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}

// SlugOf finds the slug of a wrapped refusal; "" when err is none.
func SlugOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Slug
	}
	return ""
}
