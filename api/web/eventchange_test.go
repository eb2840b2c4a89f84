package web

import (
	"reflect"
	"testing"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/projections/directory"
)

func TestEveryPartOfEveryStateHasALabelInBothLanguages(t *testing.T) {
	for _, language := range []caller.Language{caller.Indonesian, caller.English} {
		w := words.In(language)
		var check func(reflect.Type)
		check = func(kind reflect.Type) {
			switch kind.Kind() {
			case reflect.Slice:
				check(kind.Elem())
			case reflect.Struct:
				for i := range kind.NumField() {
					field := kind.Field(i)
					if !w.Has(words.Key("label.state." + field.Name)) {
						t.Errorf("%s: %s.%s has no label", language, kind, field.Name)
					}
					check(field.Type)
				}
			}
		}
		for _, category := range catalog.Categories() {
			state, err := catalog.StateAfter(category, nil)
			if err != nil {
				t.Fatal(err)
			}
			check(reflect.TypeOf(state))
		}
	}
}

func TestAChangeShowsOnlyWhatChanged(t *testing.T) {
	one := plan.Result{ID: "r1", Kind: plan.Main, Wording: "Meningkatnya kunjungan"}
	two := plan.Result{ID: "r2", Kind: plan.Main, Wording: "Tersusunnya materi"}
	before := plan.State{Plan: "p", Status: plan.Draft, Draft: plan.Content{Results: []plan.Result{one, two}}}
	amended := two
	amended.Wording = "Tersusunnya materi promosi"
	after := before
	after.Draft = plan.Content{Results: []plan.Result{amended}}
	got := differences(words.In(caller.English), before, after)
	want := []change{
		{"Draft › Result 1 › Wording", cell{Text: two.Wording}, cell{Text: amended.Wording}},
		{"Draft › Result 1 › Identifier", cell{Text: "r1", Mono: true}, cell{}},
		{"Draft › Result 1 › Kind", cell{Text: "Main"}, cell{}},
		{"Draft › Result 1 › Wording", cell{Text: one.Wording}, cell{}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestAnEstablishmentDoesNotRepeatTheWholePlan(t *testing.T) {
	content := plan.Content{Results: []plan.Result{{ID: "r1", Kind: plan.Main, Wording: "Meningkatnya kunjungan"}}}
	before := plan.State{Plan: "p", Status: plan.AwaitingSignature, Draft: content}
	after := before
	after.Status, after.Valid = plan.Valid, content
	got := differences(words.In(caller.English), before, after)
	if len(got) != 2 || got[0].Field != "Status" || got[1].After.Text != "3 parts, the same as the draft" {
		t.Errorf("got %v", got)
	}
}

func TestATreeOfUnitsSurvivesACircle(t *testing.T) {
	got := tree([]directory.Unit{{Unit: "kota"}, {Unit: "dispar", Parent: "kota"}, {Unit: "a", Parent: "b"}, {Unit: "b", Parent: "a"}, {Unit: "lost", Parent: "nowhere"}})
	if len(got) != 2 || got[0].Unit.Unit != "kota" || len(got[0].Parts) != 1 || got[1].Unit.Unit != "lost" {
		t.Errorf("got %v", got)
	}
}
