package domain

import "reflect"

// Entry binds the stored name of an event to its type. The name is written by
// hand, carries its version ("plan.submitted.v1") and is never changed.
type Entry struct {
	Name string
	Type reflect.Type
}

// Stored makes the entry of event type E.
func Stored[E any](name string) Entry { return Entry{Name: name, Type: reflect.TypeFor[E]()} }
