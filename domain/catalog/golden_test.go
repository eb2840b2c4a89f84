package catalog_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain/catalog"
)

// updateGolden adds the golden body of a stored name that has none yet. It never
// rewrites one: what was stored once must be readable for ever. An added optional
// field gets a second file beside the first: <stored name>.2.json.
var updateGolden = flag.Bool("update-golden", false, "add missing golden bodies; existing ones are never rewritten")

const goldenFolder = "testdata/events"

var goldenName = regexp.MustCompile(`^([a-z.-]+\.v\d+)(\.\d+)?\.json$`)

func ledger(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryStoredNameHasAGoldenBody(t *testing.T) {
	c := ledger(t)
	for _, example := range examples {
		name, data, err := c.Encode(example)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(goldenFolder, name+".json")
		_, err = os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) && *updateGolden {
			err = add(path, data)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	golden := bodies(t)
	for _, name := range c.Names() {
		if !slices.ContainsFunc(golden, func(b body) bool { return b.name == name }) {
			t.Errorf("%s has no golden body; add an example and run make golden-events", name)
		}
	}
}

func TestEveryGoldenBodyReadsAndWritesBackTheSame(t *testing.T) {
	c := ledger(t)
	for _, golden := range bodies(t) {
		event, err := c.Decode(golden.name, golden.data)
		if err != nil {
			t.Errorf("%s: %v", golden.path, err)
			continue
		}
		name, data, err := c.Encode(event)
		if err != nil || name != golden.name || string(data) != string(golden.data) {
			t.Errorf("%s: written back as %s %s (%v)", golden.path, name, data, err)
		}
	}
}

func TestTheGoldenBodiesOfANameFillEveryField(t *testing.T) {
	c := ledger(t)
	for _, name := range c.Names() {
		typ, _ := c.TypeOf(name)
		for i := range typ.NumField() {
			filled := slices.ContainsFunc(bodies(t), func(b body) bool {
				if b.name != name {
					return false
				}
				event, err := c.Decode(name, b.data)
				return err == nil && !reflect.ValueOf(event).Field(i).IsZero()
			})
			if !filled {
				t.Errorf("%s: no golden body fills %s", name, typ.Field(i).Name)
			}
		}
	}
}

func TestTheExamplesAreAmongTheGoldenBodies(t *testing.T) {
	c := ledger(t)
	for _, example := range examples {
		name, data, err := c.Encode(example)
		if err != nil {
			t.Fatal(err)
		}
		same := func(b body) bool { return b.name == name && string(b.data) == string(data) }
		if !slices.ContainsFunc(bodies(t), same) {
			t.Errorf("%s is written as no golden body has it: %s", name, data)
		}
	}
}

func TestAddingGoldenBodiesLeavesAnExistingOneAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "unit.closed.v1.json")
	if err := add(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := add(path, []byte("new")); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("a second write: %v", err)
	}
	if data, _ := os.ReadFile(path); string(data) != "old" {
		t.Fatalf("rewritten: %s", data)
	}
}

// add writes a golden body where there is none.
func add(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

type body struct {
	path, name string
	data       []byte
}

func bodies(t testing.TB) []body {
	t.Helper()
	files, err := os.ReadDir(goldenFolder)
	if err != nil {
		t.Fatal(err)
	}
	var all []body
	for _, f := range files {
		name := goldenName.FindStringSubmatch(f.Name())
		if name == nil {
			t.Fatalf("%s is no name of a golden body", f.Name())
		}
		path := filepath.Join(goldenFolder, f.Name())
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, body{path, name[1], []byte(strings.TrimSuffix(string(data), "\n"))})
	}
	return all
}
