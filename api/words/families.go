package words

import (
	"github.com/jejak-kinerja/jejak/domain"
)

// Label names a stored value of a kind: Label("capacity", "plt"). An unknown
// value is shown as it is stored, since old facts outlive kinds.
func (w *Words) Label(family, value string) string {
	if text, ok := w.texts[Key("label."+family+"."+value)]; ok {
		return text
	}
	return value
}

// Event says what an event of this stored name means, as a short heading
// ("SKP diajukan"). An unknown name is shown as it is stored.
func (w *Words) Event(name string) string {
	if text, ok := w.texts[Key("event."+name)]; ok {
		return text
	}
	return name
}

// Sentence says who did what: "Cut Meurah mengajukan SKP". The name of the
// event is looked up under "did.".
func (w *Words) Sentence(name, actor string) string {
	k := Key("did." + name)
	if !w.Has(k) {
		return actor + ": " + w.Event(name)
	}
	return w.Say(k, "actor", actor)
}

// Refusal explains a refusal and what to do about it. A slug without its own
// sentence gets that of its kind.
func (w *Words) Refusal(e *domain.Error) string {
	if text, ok := w.texts[Key("refusal."+e.Slug)]; ok {
		return text
	}
	return w.Kind(e.Kind)
}

// Kind explains a kind of refusal.
func (w *Words) Kind(k domain.Kind) string {
	if name, ok := kinds[k]; ok {
		return w.texts[Key("kind."+name)]
	}
	return w.texts["kind.fault"]
}

var kinds = map[domain.Kind]string{
	domain.Invalid: "invalid", domain.Unauthenticated: "unauthenticated", domain.Forbidden: "forbidden",
	domain.NotFound: "not-found", domain.Conflict: "conflict", domain.Stale: "stale",
	domain.Refused: "refused", domain.Unavailable: "unavailable",
}
