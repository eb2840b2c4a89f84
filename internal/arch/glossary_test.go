package arch

import (
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var updateGlossary = flag.Bool("update-glossary", false, "write docs/glossary.md from the Istilah: lines")

// istilah is the official term in a doc comment, up to the full stop.
var istilah = regexp.MustCompile(`Istilah: ([^.]+)\.`)

// TestTheGlossaryIsThatOfTheSources keeps docs/glossary.md generated.
func TestTheGlossaryIsThatOfTheSources(t *testing.T) {
	root, files := tracked(t)
	want := glossary(t, root, files)
	name := filepath.Join(root, "docs", "glossary.md")
	if *updateGlossary {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Error("docs/glossary.md is not what the sources say: run make generate")
	}
}

// glossary lists every term with the name it has in the code.
func glossary(t *testing.T, root string, files []string) string {
	t.Helper()
	var rows []string
	for _, f := range files {
		if !handWritten(f) || strings.HasSuffix(f, "_test.go") || !strings.HasPrefix(f, "domain/") {
			continue
		}
		for name, doc := range documented(parse(t, filepath.Join(root, f))) {
			if m := istilah.FindStringSubmatch(strings.Join(strings.Fields(doc), " ")); m != nil {
				first, _, _ := strings.Cut(strings.Join(strings.Fields(doc), " "), ". ")
				rows = append(rows, fmt.Sprintf("| %s | `%s.%s` | %s |", m[1], path.Base(path.Dir(f)), name, strings.TrimSuffix(first, ".")))
			}
		}
	}
	slices.SortFunc(rows, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return "# Glossary\n\nThe official Indonesian terms and their names in the code. Generated from the `Istilah:` lines by `make generate`; edit those.\n\n" +
		"| Istilah | Name | Meaning |\n|---|---|---|\n" + strings.Join(slices.Compact(rows), "\n") + "\n"
}

// documented gives the types and constants of a file with their comments.
func documented(file *ast.File) map[string]string {
	docs := map[string]string{}
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.TYPE && gen.Tok != token.CONST {
			continue
		}
		for _, spec := range gen.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				docs[s.Name.Name] = s.Doc.Text()
				if !gen.Lparen.IsValid() {
					docs[s.Name.Name] = gen.Doc.Text()
				}
			case *ast.ValueSpec:
				docs[s.Names[0].Name] = s.Doc.Text()
			}
		}
	}
	return docs
}
