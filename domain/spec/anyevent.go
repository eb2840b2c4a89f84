package spec

import (
	"fmt"
	"reflect"

	"pgregory.net/rapid"

	"github.com/jejak-kinerja/jejak/domain"
)

// Few days and few names, so that the events of a history speak of the same things.
var (
	someDays  = []string{"", "2025-12-31", "2026-01-01", "2026-01-02", "2026-02-28", "2027-01-01", "no day"}
	someNames = []string{"", "a", "b", "c", "i1", "i2"}
)

// AnyEvent draws events of a stream's list, every field filled at random: mostly
// from a few names, days and the given words (the values of the stream's kinds,
// say), now and then with anything at all.
func AnyEvent[E any](stored []domain.Entry, words ...string) *rapid.Generator[E] {
	names := append(append([]string{}, someNames...), words...)
	return rapid.Custom(func(t *rapid.T) E {
		entry := rapid.SampledFrom(stored).Draw(t, "entry")
		value := reflect.New(entry.Type).Elem()
		fill(t, value, names)
		event, ok := value.Interface().(E)
		if !ok {
			t.Fatalf("%s is no event of this stream", entry.Name)
		}
		return event
	})
}

func fill(t *rapid.T, v reflect.Value, names []string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(drawString(t, v.Type(), names))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(-3, 1_000_000).Draw(t, "int"))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), names)
		}
	case reflect.Slice:
		n := rapid.IntRange(0, 3).Draw(t, "length")
		if n == 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(t, v.Index(i), names)
		}
	default:
		panic(fmt.Sprintf("spec: no way to draw a %s", v.Type()))
	}
}

func drawString(t *rapid.T, of reflect.Type, names []string) string {
	if rapid.IntRange(0, 39).Draw(t, "odd") == 0 {
		return rapid.String().Draw(t, "anything")
	}
	if of == reflect.TypeFor[domain.Date]() {
		return rapid.SampledFrom(someDays).Draw(t, "day")
	}
	return rapid.SampledFrom(names).Draw(t, "name")
}
