package main

import (
	"strings"
	"testing"
)

func TestAReadModelOfAnotherVersionIsShownAndDropped(t *testing.T) {
	d := atRest(t)
	if _, err := d.conn.Exec(t.Context(), `create table readmodel.directory_v0_person (person text);
		insert into readmodel.projection values ('directory_v0', 7, 0, '', now(), true);
		insert into readmodel.parked values ('directory_v0', 'person-1', 7, 0, '', '', 'of old', now())`); err != nil {
		t.Fatal(err)
	}
	d.close()
	p := serve(t, d.dir)
	p.ready()
	if parked := p.scrape(p.url)[`jejak_projection_parked{projection="directory_v0"}`]; parked != 0 {
		t.Error("the metrics tell of a read model that nobody writes")
	}
	if code, out := p.answer("parked", "list"); code != exitOK {
		t.Errorf("what nobody applies is listed as parked: %s", out)
	}
	if code, out := p.answer("doctor"); !strings.Contains(out, "1 of another version") || strings.Contains(out, "nobody writes") {
		t.Errorf("the doctor does not know it: %d %s", code, out)
	}
	if _, out := p.answer("projection", "list"); !strings.Contains(out, "projection drop") {
		t.Error(out)
	}
	if code, out := p.answer("projection", "drop", "directory_v3"); code != exitFailed || !strings.Contains(out, "belongs to this version") {
		t.Errorf("dropping one in use: %d %s", code, out)
	}
	if code, out := p.answer("projection", "drop", "directory_v0"); code != exitOK {
		t.Errorf("dropping: %d %s", code, out)
	}
	if _, out := p.answer("projection", "list"); strings.Contains(out, "directory_v0") {
		t.Error(out)
	}
}
