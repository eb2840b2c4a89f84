package web

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/intake"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// change is one part of a state that a fact has changed.
type change struct {
	Field         string
	Before, After cell
}

// cell is one value of a state as people read it. A person or a sealed text is
// revealed by the page; Mono is for digests and identifiers. The zero cell is
// nothing.
type cell struct {
	Text   string
	Href   string
	Person domain.PersonID
	Sealed domain.Sealed
	Mono   bool
}

func (c cell) empty() bool { return c == cell{} }

func (c cell) gather(g *gathering) { g.person(c.Person).text(c.Sealed) }

// part is a leaf of a state: its place by names and keys, so that a part keeps
// its place when its neighbours go, and by labels for people.
type part struct {
	place, field string
	value        cell
}

// repeated is the part of a plan's state that its first establishment copies whole
// from the draft: the table says so once.
const repeated = ".Valid."

// differences lists what differs between two states, in the order of the state's parts.
func differences(w *words.Words, before, after any) []change {
	old, now := flat(w, before), flat(w, after)
	was := make(map[string]part, len(old))
	first := true
	for _, p := range old {
		was[p.place] = p
		first = first && !strings.HasPrefix(p.place, repeated)
	}
	var changes []change
	copied := 0
	for _, p := range now {
		q := was[p.place]
		delete(was, p.place)
		switch {
		case first && strings.HasPrefix(p.place, repeated):
			copied++
		case q.value != p.value:
			changes = append(changes, change{p.field, q.value, p.value})
		}
	}
	if copied > 0 {
		changes = append(changes, change{Field: w.Label("state", "Valid"), After: cell{Text: w.Say(words.TrailParts, "count", copied)}})
	}
	for _, p := range old {
		if _, gone := was[p.place]; gone {
			changes = append(changes, change{Field: p.field, Before: p.value})
		}
	}
	return changes
}

// flat writes a state as parts; empty values are left out.
func flat(w *words.Words, state any) []part {
	f := flattening{words: w}
	f.walk("", nil, reflect.ValueOf(state))
	return f.parts
}

type flattening struct {
	words *words.Words
	parts []part
}

func (f *flattening) walk(place string, labels []string, v reflect.Value) {
	if c, ok := f.leaf(v); ok {
		if !c.empty() {
			f.parts = append(f.parts, part{place, strings.Join(labels, " › "), c})
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			f.walk(place+"."+name, append(slices.Clip(labels), f.words.Label("state", name)), v.Field(i))
		}
	case reflect.Map:
		for _, key := range slices.SortedFunc(slices.Values(v.MapKeys()), func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }) {
			f.walk(place+"["+fmt.Sprint(key)+"]", append(slices.Clip(labels), fmt.Sprint(key)), v.MapIndex(key))
		}
	case reflect.Slice:
		for i := range v.Len() {
			key := cmp.Or(keyOf(v.Index(i)), strconv.Itoa(i+1))
			inner := slices.Clone(labels)
			inner[len(inner)-1] += " " + strconv.Itoa(i+1)
			f.walk(place+"["+key+"]", inner, v.Index(i))
		}
	}
}

// keyOf is what tells an element of a list from its neighbours, where it has it.
func keyOf(v reflect.Value) string {
	if v.Kind() != reflect.Struct {
		return ""
	}
	for _, name := range []string{"ID", "Key", "Result", "Period"} {
		if field := v.FieldByName(name); field.IsValid() && field.Kind() == reflect.String {
			return field.String()
		}
	}
	return ""
}

// leaf writes a value that has no parts; false for those that have.
func (f *flattening) leaf(v reflect.Value) (cell, bool) {
	if v.IsZero() && v.Kind() != reflect.Struct {
		return cell{}, true
	}
	switch x := v.Interface().(type) {
	case domain.PersonID:
		return cell{Person: x}, true
	case domain.Sealed:
		return cell{Sealed: x}, true
	case domain.Date:
		return cell{Text: f.words.Day(x)}, true
	case domain.Decimal:
		return cell{Text: f.words.Number(x)}, true
	case domain.UnitID:
		return cell{Text: string(x), Href: unitHref(x), Mono: true}, true
	case domain.PlanID:
		return cell{Text: string(x), Href: planHref(x), Mono: true}, true
	case domain.ReportID:
		return cell{Text: string(x), Href: reportHref(x), Mono: true}, true
	case domain.FeedbackID, domain.AppraisalID, domain.ResultID, domain.IndicatorID, domain.PolicyID:
		return cell{Text: fmt.Sprint(x), Mono: true}, true
	case bool:
		return cell{Text: f.words.Say(words.TrailYes)}, true
	}
	switch v.Kind() {
	case reflect.String:
		if family, ok := families[v.Type()]; ok {
			return cell{Text: f.words.Label(family, v.String())}, true
		}
		return cell{Text: v.String(), Mono: len(v.String()) >= digestLength && !strings.Contains(v.String(), " ")}, true
	case reflect.Int, reflect.Int64:
		return cell{Text: f.words.Count(v.Int())}, true
	}
	return cell{}, false
}

// digestLength is that of a SHA-256 in base64url.
const digestLength = 43

// families of labels by the type of the value.
var families = map[reflect.Type]string{
	reflect.TypeFor[domain.Capacity]():     "capacity",
	reflect.TypeFor[domain.Value]():        "value",
	reflect.TypeFor[unit.Kind]():           "unit-kind",
	reflect.TypeFor[person.Level]():        "level",
	reflect.TypeFor[person.Employment]():   "employment",
	reflect.TypeFor[person.Role]():         "role",
	reflect.TypeFor[person.Cause]():        "cause",
	reflect.TypeFor[indicator.Direction](): "direction",
	reflect.TypeFor[plan.Status]():         "plan-status",
	reflect.TypeFor[plan.CloseCause]():     "close-cause",
	reflect.TypeFor[plan.ResultKind]():     "result-kind",
	reflect.TypeFor[plan.Aspect]():         "aspect",
	reflect.TypeFor[progress.Status]():     "report-status",
	reflect.TypeFor[feedback.Relation]():   "relation",
	reflect.TypeFor[feedback.Tone]():       "tone",
	reflect.TypeFor[appraisal.Kind]():      "appraisal-kind",
	reflect.TypeFor[appraisal.Rating]():    "rating",
	reflect.TypeFor[appraisal.Predicate](): "predicate",
	reflect.TypeFor[bkn.Predicate]():       "predicate",
	reflect.TypeFor[intake.Report]():       "import-report",
}
