package arch

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/jejak-kinerja/jejak"

// room is one row of the table: packages that match may import what is listed.
// "std" is the standard library; "std-pure" is what the domain may see of it.
type room struct {
	pattern string
	may     []string
}

// rooms is read from top to bottom; the first row that matches counts.
var rooms = []room{
	{"domain/catalog", []string{"std", "domain/...", "github.com/go-json-experiment/json", "github.com/gowebpki/jcs"}},
	{"domain/spec", []string{"std", "domain", "pgregory.net/rapid"}},
	{"domain", []string{"std-pure"}},
	{"domain/*", []string{"std-pure", "domain"}},

	{"commands/memstore", []string{"std", "commands", "domain/...", "internal/clock"}},
	{"commands/storetest", []string{"std", "commands", "domain/...", "internal/clock"}},
	{"commands/...", []string{"std", "domain/...", "internal/clock", "github.com/google/uuid"}},

	{"projections", []string{"std", "domain", "github.com/jackc/pgx/v5/..."}},
	{"projections/engine", []string{"std", "projections", "domain", "internal/clock", "github.com/jackc/pgx/v5/..."}},
	{"projections/catalog", []string{"std", "projections", "projections/*"}},
	{"projections/*", []string{"std", "projections", "domain/...", "github.com/jackc/pgx/v5/..."}},

	{"api/...", []string{"std", "api/...", "commands", "projections", "projections/*", "domain/...", "internal/clock",
		"github.com/go-chi/chi/v5/...", "github.com/danielgtaylor/huma/v2/...", "github.com/a-h/templ/...",
		"github.com/alexedwards/scs/v2/...", "github.com/go-json-experiment/json/...", "github.com/google/uuid",
		"github.com/jackc/pgx/v5/...", "golang.org/x/text/..."}},

	{"internal/eventlog", []string{"std", "domain/...", "commands", "internal/clock", "internal/lenientjson", "github.com/EventStore/EventStore-Client-Go/v4/...",
		"github.com/gowebpki/jcs", "github.com/google/uuid", "google.golang.org/grpc/...", "google.golang.org/protobuf/..."}},
	{"internal/eventlog/scripted", []string{"std", "github.com/EventStore/EventStore-Client-Go/v4/protos/...",
		"google.golang.org/grpc/...", "google.golang.org/protobuf/..."}},
	{"internal/bus", []string{"std", "domain", "internal/clock", "github.com/ThreeDotsLabs/watermill/...", "github.com/prometheus/client_golang/..."}},
	{"internal/node/...", []string{"std", "internal/clock", "internal/lenientjson", "internal/node/...", "github.com/EventStore/EventStore-Client-Go/v4/protos/...",
		"github.com/jackc/pgx/v5/...", "github.com/google/uuid", "github.com/dlclark/regexp2", "google.golang.org/grpc/...",
		"google.golang.org/protobuf/...", "google.golang.org/genproto/..."}},
	{"internal/vault/...", []string{"std", "domain", "commands", "internal/clock", "github.com/jackc/pgx/v5/...", "github.com/tink-crypto/tink-go/v2/...",
		"github.com/gowebpki/jcs", "github.com/google/uuid"}},
	{"internal/pgrun/...", []string{"std", "internal/pgrun", "internal/clock", "github.com/jackc/pgx/v5/...", "golang.org/x/sys/..."}},
	{"internal/telemetry", []string{"std", "internal/clock", "github.com/prometheus/client_golang/...", "golang.org/x/term",
		"go.opentelemetry.io/..."}},
	{"internal/lenientjson", []string{"std"}},
	{"internal/history", []string{"std"}},
	{"internal/logwatch", []string{"std", "internal/clock", "github.com/jackc/pgx/v5/..."}},
	{"internal/backup", []string{"std", "github.com/jackc/pgx/v5/..."}},
	{"internal/tabular", []string{"std", "github.com/xuri/excelize/v2"}},
	{"internal/access/...", []string{"std", "domain", "internal/clock", "github.com/jackc/pgx/v5/..."}},
	{"internal/bench/...", []string{"std", "internal/clock", "github.com/jackc/pgx/v5"}},
	{"internal/clock", []string{"std"}},
	{"internal/arch", []string{"std"}},

	{"docs", []string{}},
	{"cmd/jejak/...", []string{"everything"}},
}

// impure are the standard packages that the domain must not see.
var impure = []string{"context", "os", "net", "log", "encoding/json", "math/rand", "crypto/rand", "database/sql", "testing", "io/fs", "syscall", "time/tzdata"}

type listed struct {
	ImportPath string
	Doc        string
	GoFiles    []string
	Dir        string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Doc,GoFiles,Dir,Imports", module+"/...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
}

func matches(pattern, name string) bool {
	if stem, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == stem || strings.HasPrefix(name, stem+"/")
	}
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

func inside(importPath string) (string, bool) {
	return strings.CutPrefix(importPath, module+"/")
}

func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

func allowed(r room, importPath string) bool {
	name, ours := inside(importPath)
	return slices.ContainsFunc(r.may, func(rule string) bool {
		switch {
		case rule == "everything":
			return true
		case rule == "std":
			return standard(importPath)
		case rule == "std-pure":
			return standard(importPath) && !slices.ContainsFunc(impure, func(bad string) bool { return matches(bad+"/...", importPath) })
		case ours:
			return matches(rule, name)
		default:
			return matches(rule, importPath)
		}
	})
}

func TestEveryPackageImportsOnlyWhatItsRoomAllows(t *testing.T) {
	for _, p := range packages(t) {
		name, ok := inside(p.ImportPath)
		if !ok {
			continue
		}
		i := slices.IndexFunc(rooms, func(r room) bool { return matches(r.pattern, name) })
		if i < 0 {
			t.Errorf("%s has no row in the table of rooms: add one, or move the package", name)
			continue
		}
		for _, imported := range p.Imports {
			if !allowed(rooms[i], imported) {
				t.Errorf("%s imports %s, which the room %q does not allow", name, imported, rooms[i].pattern)
			}
		}
	}
}

func TestNothingImportsTheProgram(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			name, ok := inside(imported)
			if ok && matches("cmd/...", name) && !strings.Contains(p.ImportPath, "/cmd/") {
				t.Errorf("%s imports %s", p.ImportPath, name)
			}
		}
	}
}

func TestOneRoomOnlySpeaksToTheEventStoreAndOneToWatermill(t *testing.T) {
	for _, p := range packages(t) {
		name, _ := inside(p.ImportPath)
		for _, imported := range p.Imports {
			if matches("github.com/EventStore/EventStore-Client-Go/v4/esdb", imported) && name != "internal/eventlog" {
				t.Errorf("%s imports the event store client; only internal/eventlog may", name)
			}
			if matches("github.com/ThreeDotsLabs/watermill/...", imported) && name != "internal/bus" {
				t.Errorf("%s imports Watermill; only internal/bus may", name)
			}
		}
	}
}
