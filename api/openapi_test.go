package api_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/jejak-kinerja/jejak/api"
)

var update = flag.Bool("update", false, "write docs/openapi.json anew")

const committed = "../docs/openapi.json"

func TestTheCommittedDocumentIsTheOneServed(t *testing.T) {
	document, err := api.WriteDocument(api.Document(api.Deps{}), false)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(committed, document, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, document) {
		t.Error("docs/openapi.json is not what the program serves: go generate ./api")
	}
}

func TestTheDocumentForOldToolsIsComplete(t *testing.T) {
	document := api.Document(api.Deps{})
	old, err := api.WriteDocument(document, true)
	if err != nil {
		t.Fatal(err)
	}
	for path := range document.Paths {
		if !bytes.Contains(old, []byte(`"`+path+`"`)) {
			t.Errorf("%s is missing in 3.0", path)
		}
	}
}
