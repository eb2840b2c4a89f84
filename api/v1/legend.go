package v1

import (
	"context"
	"fmt"
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Words are a text that somebody wrote, as it reads now.
type Words struct {
	Text   string        `json:"text" doc:"Empty when its key was destroyed, or when it is lost"`
	Digest domain.Sealed `json:"digest" doc:"What the fact holds in place of the text"`
	Gone   bool          `json:"gone,omitempty" doc:"The text was removed by the retention schedule"`
	Lost   bool          `json:"lost,omitempty" doc:"The vault cannot give the text, though the fact names it: it was put back to an earlier state"`
}

// Person is a civil servant who is named.
type Person struct {
	ID   domain.PersonID `json:"id"`
	Name string          `json:"name" doc:"Empty when the identity was removed"`
	Gone bool            `json:"gone,omitempty" doc:"The identity was removed by the retention schedule"`
}

// legend reads what facts only point to: texts and names.
type legend struct {
	texts map[domain.Sealed]Text
	names map[domain.PersonID]Name
}

// legend asks the vault once for all texts and once for all names of an answer.
func (k *desk) legend(ctx context.Context, sealed []domain.Sealed, people []domain.PersonID) (l legend, err error) {
	if sealed = distinct(sealed); len(sealed) > 0 {
		if l.texts, err = k.Texts(ctx, sealed); err != nil {
			return l, fmt.Errorf("reveal texts: %w", err)
		}
	}
	if people = distinct(people); len(people) > 0 {
		if l.names, err = k.Names(ctx, people); err != nil {
			return l, fmt.Errorf("reveal names: %w", err)
		}
	}
	return l, nil
}

// distinct leaves out what is empty and what stands there twice.
func distinct[T ~string](list []T) []T {
	list = slices.Clone(list)
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) > 0 && list[0] == "" {
		list = list[1:]
	}
	return list
}

// words gives nil for an empty digest. A text the vault does not know is gone.
func (l legend) words(s domain.Sealed) *Words {
	if s.Empty() {
		return nil
	}
	t, ok := l.texts[s]
	return &Words{Text: t.Plain, Digest: s, Gone: t.Gone || !ok, Lost: t.Lost}
}

// person gives nil for nobody.
func (l legend) person(id domain.PersonID) *Person {
	if id == "" {
		return nil
	}
	n := l.names[id]
	return &Person{ID: id, Name: n.Full, Gone: n.Gone}
}
