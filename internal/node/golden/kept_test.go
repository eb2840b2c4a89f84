package golden_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/node/golden"
)

// keptAnswers are the steps at which ours answers differently, and means to.
type keptAnswers map[keptStep]string

type keptStep struct {
	scenario string
	step     int
}

// kind is why a step is kept, "" for one that is not.
func (k keptAnswers) kind(scenario string, step int) string { return k[keptStep{scenario, step}] }

// readKept reads the list: by kind, the scenarios with the numbers of their steps.
func readKept(t *testing.T, files fs.FS) keptAnswers {
	t.Helper()
	body, err := golden.ReadFile(files, "kept.json")
	if err != nil {
		t.Fatal(err)
	}
	var list map[string]map[string][]int
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	kept := keptAnswers{}
	for kind, scenarios := range list {
		for scenario, steps := range scenarios {
			for _, step := range steps {
				if other := kept.kind(scenario, step); other != "" {
					t.Errorf("%s, step %d: kept as %s and as %s", scenario, step, other, kind)
				}
				kept[keptStep{scenario, step}] = kind
			}
		}
	}
	return kept
}

// with is the list together with another.
func (k keptAnswers) with(other keptAnswers) keptAnswers {
	both := maps.Clone(other)
	maps.Copy(both, k)
	return both
}

// readDeviations reads what a folder of recordings says that ours may answer
// differently; nothing where it says nothing.
func readDeviations(t *testing.T, files fs.FS) keptAnswers {
	t.Helper()
	allowed := keptAnswers{}
	body, err := golden.ReadFile(files, "deviations.json")
	if errors.Is(err, fs.ErrNotExist) {
		return allowed
	}
	var list struct {
		Steps []struct {
			Scenario string   `json:"scenario"`
			Step     int      `json:"step"`
			Kinds    []string `json:"kinds"`
		} `json:"steps"`
	}
	if err == nil {
		err = json.Unmarshal(body, &list)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list.Steps {
		allowed[keptStep{s.Scenario, s.Step}] = strings.Join(s.Kinds, ", ")
	}
	return allowed
}

// Each kind has its reason in docs/protocol.md.
func TestEachKeptDifferenceHasItsReason(t *testing.T) {
	page, err := os.ReadFile("../../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, kind := range readKept(t, os.DirFS("testdata")) {
		kinds[kind] = true
	}
	for kind := range kinds {
		if !strings.Contains(string(page), "| `"+kind+"` |") {
			t.Errorf("docs/protocol.md gives no reason for %s", kind)
		}
	}
	if len(kinds) == 0 {
		t.Error("nothing is kept")
	}
}
