package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/jejak-kinerja/jejak/cmd/jejak/importing"
)

func TestReportsOfEKinerjaAreImportedByTheProgram(t *testing.T) {
	dir := stateDir(t)
	files := filepath.Join(t.TempDir(), "contoh")
	jejak := func(want int, args ...string) importing.Receipt {
		t.Helper()
		var out, messages bytes.Buffer
		code := run(t.Context(), append(args, "--state-dir", dir), &out, &messages)
		if code != want {
			t.Fatalf("%v ended with %d, want %d: %s", args, code, want, messages.String())
		}
		var r importing.Receipt
		if args[1] == "ekinerja" && (code == exitOK || code == exitPartly) {
			if err := json.Unmarshal(out.Bytes(), &r); err != nil {
				t.Fatalf("%v: %v in %s", args, err, out.String())
			}
		}
		return r
	}
	jejak(exitOK, "import", "sample", files)
	plans, faulty, rejected := filepath.Join(files, importing.SamplePlans), filepath.Join(files, importing.SampleFaulty), filepath.Join(files, "ditolak.xlsx")
	if r := jejak(exitPartly, "import", "ekinerja", plans, "--dry-run"); r.Rejected != r.Rows {
		t.Errorf("without units: %+v", r)
	}
	jejak(exitOK, "import", "sabang")
	dry := jejak(exitOK, "import", "ekinerja", plans, "--preview", "2")
	if len(dry.Preview) != 2 || dry.Stored != 0 {
		t.Errorf("preview: %+v", dry)
	}
	if r := jejak(exitOK, "import", "ekinerja", plans); r.Stored == 0 || r.Accepted != dry.Accepted || r.Newcomers != dry.Newcomers {
		t.Errorf("stored: %+v", r)
	}
	if r := jejak(exitOK, "import", "ekinerja", plans); r.Stored != 0 || r.Newcomers != 0 {
		t.Errorf("again: %+v", r)
	}
	if r := jejak(exitOK, "import", "ekinerja", filepath.Join(files, importing.SamplePredicates)); r.Stored == 0 {
		t.Errorf("predicates: %+v", r)
	}
	jejak(exitPartly, "import", "ekinerja", faulty, "--rejected", rejected)
	if _, err := os.Stat(rejected); err != nil {
		t.Error(err)
	}
	jejak(exitUsage, "import", "ekinerja", filepath.Join(files, "nowhere.xlsx"))
	jejak(exitUsage, "import", "ekinerja", plans, "--employment", "honorer")
}
