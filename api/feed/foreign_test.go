package feed

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
)

func TestWhatIsForeignIsNotSent(t *testing.T) {
	e := Entry{Recorded: domain.Recorded{Stream: "bar-2", Name: "person.registered.v1"}}
	if !(filter{}).takes(e) {
		t.Error("the filter leaves out what it should send")
	}
	e.Foreign = true
	for _, f := range []filter{{}, {types: []string{"person.registered.v1"}}, {stream: "bar-2"}, {category: "bar"}} {
		if f.takes(e) {
			t.Errorf("%+v", f)
		}
	}
}
