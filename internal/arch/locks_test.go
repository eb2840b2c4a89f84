package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// lockNumber is how an advisory lock is declared: "jejak" in ASCII, and a number.
var lockNumber = regexp.MustCompile(`(?m)^(?:const )?\s*\w*[lL]ock\s+= (0x6a656a616b\w*)`)

func TestNoTwoRoomsShareAnAdvisoryLock(t *testing.T) {
	root, files := tracked(t)
	held := map[string]string{}
	for _, f := range files {
		if !strings.HasSuffix(f, ".go") || strings.HasSuffix(f, "_test.go") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(root, f))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range lockNumber.FindAllStringSubmatch(string(content), -1) {
			if other, taken := held[m[1]]; taken {
				t.Errorf("%s and %s share the advisory lock %s: one would wait for the other for ever", other, f, m[1])
			}
			held[m[1]] = f
		}
	}
	if len(held) < 3 {
		t.Fatalf("only %d locks found: has their form changed?", len(held))
	}
}
