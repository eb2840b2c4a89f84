package arch

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxLines is where a hand-written file is no longer one idea.
const maxLines = 400

// vague are names that say nothing about what is inside.
var vague = []string{"util", "utils", "helper", "helpers", "common", "misc", "shared", "base", "manager"}

// topLevel is all that may stand at the top of the repository.
var topLevel = []string{"cmd", "domain", "projections", "commands", "api", "internal", "docs", "go.mod", "go.sum", "Makefile",
	"README.md", "LICENSE", "NOTICE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}

func tracked(t *testing.T) (root string, files []string) {
	t.Helper()
	top, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		t.Fatalf("git: %v", err)
	}
	root = strings.TrimSpace(string(top))
	out, err := exec.Command("git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Fatalf("git: %v", err)
	}
	for name := range bytes.SplitSeq(out, []byte{0}) {
		if _, err := os.Stat(filepath.Join(root, string(name))); len(name) > 0 && err == nil {
			files = append(files, string(name))
		}
	}
	return root, files
}

func handWritten(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_templ.go") && !strings.Contains(name, "testdata/")
}

func TestNothingUnexpectedStandsAtTheTop(t *testing.T) {
	_, files := tracked(t)
	for _, f := range files {
		top, _, _ := strings.Cut(f, "/")
		if !slices.Contains(topLevel, top) && !strings.HasPrefix(top, ".") {
			t.Errorf("%s stands at the top level; give it a room, or write an ADR", f)
		}
	}
}

func TestFilesAreShortAndNamedForWhatTheyHold(t *testing.T) {
	root, files := tracked(t)
	for _, f := range files {
		stem := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(f), filepath.Ext(f)), "_test")
		if slices.Contains(vague, stem) || slices.Contains(vague, filepath.Base(filepath.Dir(f))) {
			t.Errorf("%s: the name says nothing about what is inside", f)
		}
		if !handWritten(f) || strings.HasSuffix(f, "_test.go") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(root, f))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(content, []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines; more than %d is more than one idea", f, n, maxLines)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range packages(t) {
		if p.Doc == "" && len(p.GoFiles) > 0 {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

func TestTheClockIsReadInOnePlace(t *testing.T) {
	root, files := tracked(t)
	for _, f := range files {
		if !handWritten(f) || strings.HasSuffix(f, "_test.go") || strings.HasPrefix(f, "internal/clock/") {
			continue
		}
		file := parse(t, filepath.Join(root, f))
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
					t.Errorf("%s reads the clock with time.%s; use internal/clock", f, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestEveryEventAndCommandHasItsOfficialTerm(t *testing.T) {
	root, files := tracked(t)
	for _, f := range files {
		if !handWritten(f) || strings.HasSuffix(f, "_test.go") || !strings.HasPrefix(f, "domain/") || strings.Count(f, "/") != 2 {
			continue
		}
		file := parse(t, filepath.Join(root, f))
		marked := markerReceivers(file)
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.TYPE {
				continue
			}
			for _, spec := range gen.Specs {
				ts := spec.(*ast.TypeSpec)
				doc := gen.Doc.Text() + ts.Doc.Text()
				if slices.Contains(marked, ts.Name.Name) && !strings.Contains(strings.Join(strings.Fields(doc), " "), "Istilah:") {
					t.Errorf("%s: %s has no Istilah: line", f, ts.Name.Name)
				}
			}
		}
	}
}

// markerReceivers gives the types that carry an event's or command's marker method.
func markerReceivers(file *ast.File) []string {
	var names []string
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Recv == nil || !(strings.HasSuffix(fn.Name.Name, "Event") || strings.HasSuffix(fn.Name.Name, "Command")) || ast.IsExported(fn.Name.Name) {
			continue
		}
		if id, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
			names = append(names, id.Name)
		}
	}
	return names
}

func parse(t *testing.T, name string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
