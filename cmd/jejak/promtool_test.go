package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// scrapeEvery lies between two scrapes, by the clock of the rules.
const scrapeEvery = 30 * time.Second

// scrapes are what one process told at one scrape after another. They began at a
// moment that is 0 for promtool, which knows no other.
type scrapes struct {
	began  time.Time
	frames []map[string]float64
}

// series writes the scrapes as promtool's input: what a frame does not hold is a gap.
func (s scrapes) series() (list []map[string]string) {
	names := map[string]bool{}
	for _, frame := range s.frames {
		for name := range frame {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		var values []string
		for _, frame := range s.frames {
			value, there := frame[name]
			if !there {
				values = append(values, "_")
				continue
			}
			if strings.HasSuffix(name, "_timestamp_seconds") {
				value -= float64(s.began.Unix())
			}
			values = append(values, strconv.FormatFloat(value, 'f', -1, 64))
		}
		list = append(list, map[string]string{"series": ofInstance(name), "values": strings.Join(values, " ")})
	}
	return list
}

// ofInstance adds the labels that Prometheus adds.
func ofInstance(name string) string {
	bare, labels, labelled := strings.Cut(strings.TrimSuffix(name, "}"), "{")
	if labelled {
		labels += ","
	}
	return bare + "{" + labels + `instance="jejak1",job="jejak"}`
}

// fires lets promtool run the alerts over the scrapes, and demands that at their end
// exactly these fire: so many series of each.
func (s scrapes) fires(t *testing.T, want map[string]int) {
	t.Helper()
	rules, err := filepath.Abs(filepath.Join(deployDir, "prometheus", "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	samples := []map[string]any{}
	for _, alert := range slices.Sorted(maps.Keys(want)) {
		samples = append(samples, map[string]any{"labels": fmt.Sprintf("{alertname=%q}", alert), "value": want[alert]})
	}
	test, err := yaml.Marshal(map[string]any{
		"rule_files": []string{rules}, "evaluation_interval": scrapeEvery.String(),
		"tests": []any{map[string]any{"interval": scrapeEvery.String(), "input_series": s.series(), "promql_expr_test": []any{map[string]any{
			"expr":      `count by (alertname) (ALERTS{alertstate="firing"})`,
			"eval_time": (time.Duration(len(s.frames)-1) * scrapeEvery).String(), "exp_samples": samples,
		}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.yaml")
	if err := os.WriteFile(path, test, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "promtool", "test", "rules", path).CombinedOutput(); err != nil {
		t.Errorf("want %v: %v\n%s", want, err, out)
	}
}
