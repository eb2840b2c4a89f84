package node

import (
	"testing"

	"google.golang.org/grpc/codes"
)

func TestDeletesAndTombstonesHoldTheirExpectation(t *testing.T) {
	r := newRig(t)
	missing := func(string) {}
	two := func(s string) { r.must(s, wantNone, evs("a b")...) }
	onlyMeta := func(s string) { r.must("$$"+s, wantAny, meta(`{}`)) }
	soft := func(s string) {
		two(s)
		if _, _, err := r.delete(s, wantAny); err != nil {
			t.Fatal(err)
		}
	}
	dead := func(s string) {
		two(s)
		if _, _, err := r.tombstone(s, wantAny); err != nil {
			t.Fatal(err)
		}
	}
	type answers struct{ delete, tombstone string } // "" for success, else the trailer "exception"
	const wrong, gone = "wrong-expected-version", "stream-deleted"

	for _, row := range []struct {
		name     string
		prepare  func(string)
		want     int64
		expected string
		actual   string
		says     answers
	}{
		{"missing-any", missing, wantAny, "-2", "-1", answers{wrong, ""}},
		{"missing-none", missing, wantNone, "-1", "-1", answers{wrong, ""}},
		{"missing-exists", missing, wantExists, "-4", "-1", answers{wrong, wrong}},
		{"missing-exact", missing, 0, "0", "-1", answers{wrong, wrong}},
		{"described-any", onlyMeta, wantAny, "-2", "-1", answers{"", ""}},
		{"two-any", two, wantAny, "-2", "1", answers{"", ""}},
		{"two-exists", two, wantExists, "-4", "1", answers{"", ""}},
		{"two-exact", two, 1, "1", "1", answers{"", ""}},
		{"two-none", two, wantNone, "-1", "1", answers{wrong, wrong}},
		{"two-behind", two, 0, "0", "1", answers{wrong, wrong}},
		{"two-ahead", two, 2, "2", "1", answers{wrong, wrong}},
		{"soft-any", soft, wantAny, "-2", "1", answers{"", ""}},
		{"soft-exists", soft, wantExists, "-4", "1", answers{gone, gone}},
		{"dead-any", dead, wantAny, "-2", "1", answers{gone, gone}},
		{"dead-exact", dead, 1, "1", "1", answers{gone, gone}},
	} {
		t.Run(row.name, func(t *testing.T) {
			check := func(name, exception string, position, head uint64, trailer map[string][]string, err error) {
				t.Helper()
				switch exception {
				case "":
					if err != nil || position != head || position == 0 {
						t.Errorf("answered %d %v, the head is %d", position, err, head)
					}
				case wrong:
					wantRefusal(t, err, trailer, codes.FailedPrecondition, "exception", wrong, "stream-name", name,
						"expected-version", row.expected, "actual-version", row.actual)
				case gone:
					wantRefusal(t, err, trailer, codes.FailedPrecondition, "exception", gone, "stream-name", name)
				}
			}
			name := row.name + "-delete"
			row.prepare(name)
			deleted, trailer, err := r.delete(name, row.want)
			check(name, row.says.delete, deleted.GetPosition().GetCommitPosition(), r.Head(), trailer, err)

			name = row.name + "-tombstone"
			row.prepare(name)
			ended, trailer, err := r.tombstone(name, row.want)
			check(name, row.says.tombstone, ended.GetPosition().GetPreparePosition(), r.Head(), trailer, err)
		})
	}
}

func TestASoftDeleteWritesMetadataAndKeepsTheEvents(t *testing.T) {
	r := newRig(t)
	base := r.Head()
	r.must("s", wantNone, evs("a b")...)
	if _, _, err := r.delete("s", 1); err != nil {
		t.Fatal(err)
	}
	answers, _, err := r.read(all, from(base+1))
	if err != nil || show(answers) != "s#0 s#1 $$s#0" {
		t.Fatalf("got %s %v", show(answers), err)
	}
	e := answers[2].GetEvent().GetEvent()
	if string(e.GetData()) != softDeletedBody || e.GetMetadata()["type"] != typeMetadata || e.GetMetadata()["content-type"] != contentJSON {
		t.Errorf("got %v", e)
	}
	r.must("s", 1, evs("c d")...)
	answers, _, err = r.read(all, from(base+4))
	if err != nil || show(answers) != "s#2 s#3 $$s#1" || string(answers[2].GetEvent().GetEvent().GetData()) != `{"$tb":2}` {
		t.Errorf("got %s %v", show(answers), err)
	}
	if answers, _, _ := r.read(ofStream("s")); show(answers) != "s#2 s#3" {
		t.Errorf("got %s", show(answers))
	}
}

func TestATombstoneIsForEver(t *testing.T) {
	r := newRig(t)
	if _, _, err := r.tombstone("never-was", wantNone); err != nil {
		t.Fatal(err)
	}
	base := r.Head()
	for _, name := range []string{"never-was", "$$never-was"} {
		_, trailer, err := r.read(ofStream(name))
		wantRefusal(t, err, trailer, codes.FailedPrecondition, "exception", "stream-deleted", "stream-name", name)
		_, trailer, err = r.append(name, wantAny, ev("a"))
		wantRefusal(t, err, trailer, codes.FailedPrecondition, "exception", "stream-deleted", "stream-name", name)
	}
	answers, _, _ := r.read(all, from(base))
	if show(answers) != "never-was#end" || answers[0].GetEvent().GetEvent().GetMetadata()["type"] != typeTombstone {
		t.Errorf("got %s", show(answers))
	}
}
