package words

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/jejak-kinerja/jejak/api/caller"
)

// Key names one sentence of the catalogue.
type Key string

// Words speaks one language.
type Words struct {
	language caller.Language
	texts    map[Key]string
}

//go:embed id.json
var indonesian []byte

//go:embed en.json
var english []byte

var both = sync.OnceValue(func() map[caller.Language]*Words {
	return map[caller.Language]*Words{
		caller.Indonesian: read(caller.Indonesian, indonesian),
		caller.English:    read(caller.English, english),
	}
})

func read(language caller.Language, file []byte) *Words {
	texts := map[Key]string{}
	if err := json.Unmarshal(file, &texts); err != nil {
		panic(fmt.Sprintf("words of %s, which are part of the program: %v", language, err))
	}
	return &Words{language, texts}
}

// In gives the words of a language; Indonesian when the language is unknown.
func In(language caller.Language) *Words {
	if w, ok := both()[language]; ok {
		return w
	}
	return both()[caller.Indonesian]
}

// Of gives the words of the language chosen in the context.
func Of(ctx context.Context) *Words { return In(caller.LanguageOf(ctx)) }

// Language tells which language w speaks.
func (w *Words) Language() caller.Language { return w.language }

// English says whether w speaks English.
func (w *Words) English() bool { return w.language == caller.English }

// Has says whether the catalogue knows the key.
func (w *Words) Has(k Key) bool { _, ok := w.texts[k]; return ok }

// Say gives the sentence of a key, with {name} replaced by the value after
// "name" in pairs; integers are written with the language's separators. With a
// "count" of one, the key's "#one" form is taken where there is one. An unknown
// key shows as ⟦key⟧, which no page may hold.
func (w *Words) Say(k Key, pairs ...any) string {
	text, ok := w.texts[k]
	if !ok {
		return "⟦" + string(k) + "⟧"
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == "count" && fmt.Sprint(pairs[i+1]) == "1" {
			if one, ok := w.texts[k+"#one"]; ok {
				text = one
			}
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%v}", pairs[i]), w.written(pairs[i+1]))
	}
	return text
}

func (w *Words) written(v any) string {
	switch n := v.(type) {
	case int:
		return w.Count(int64(n))
	case int64:
		return w.Count(n)
	case uint64:
		return w.Count(int64(n))
	}
	return fmt.Sprint(v)
}
