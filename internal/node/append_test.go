package node

import (
	"strings"
	"testing"
)

// Each row prepares a stream and appends to it once.
func TestExpectedRevisionsAndRepeats(t *testing.T) {
	r := newRig(t)
	live := func(names string) func(string) { return func(s string) { r.must(s, wantNone, evs(names)...) } }
	softly := func(names string) func(string) {
		return func(s string) {
			r.must(s, wantNone, evs(names)...)
			if _, _, err := r.delete(s, wantAny); err != nil {
				t.Fatal(err)
			}
		}
	}
	tombstoned := func(s string) {
		r.must(s, wantNone, ev("a"))
		if _, _, err := r.tombstone(s, wantAny); err != nil {
			t.Fatal(err)
		}
	}
	onlyMeta := func(s string) { r.must("$$"+s, wantAny, meta(`{"$maxCount":10}`)) }
	missing := func(string) {}

	for _, row := range []struct {
		name    string
		prepare func(stream string)
		want    int64
		events  string
		says    string
	}{
		{"tombstoned, any", tombstoned, wantAny, "b", "FailedPrecondition"},
		{"tombstoned, exact", tombstoned, 0, "b", "FailedPrecondition"},
		{"tombstoned, none", tombstoned, wantNone, "b", "FailedPrecondition"},
		{"tombstoned, exists", tombstoned, wantExists, "b", "FailedPrecondition"},
		{"tombstoned, nothing to write", tombstoned, wantAny, "", "FailedPrecondition"},

		{"missing, none", missing, wantNone, "a", "ok, at 0"},
		{"missing, any", missing, wantAny, "a b", "ok, at 1"},
		{"missing, exact is ahead", missing, 0, "a", "wrong, no stream"},
		{"missing, exists", missing, wantExists, "a", "wrong, no stream"},
		{"metadata only, exists", onlyMeta, wantExists, "a", "ok, at 0"},
		{"metadata only, none", onlyMeta, wantNone, "a", "ok, at 0"},
		{"metadata only, exact", onlyMeta, 0, "a", "wrong, no stream"},

		{"exact ahead", live("a b"), 2, "c", "wrong, at 1"},
		{"exact far ahead", live("a b"), 1<<63 - 1, "c", "wrong, at 1"},
		{"exact at the head", live("a b"), 1, "c", "ok, at 2"},
		{"exact at the head writes a known id again", live("a b"), 1, "b", "ok, at 2"},
		{"exact below, all known", live("a b c"), 0, "b c", "ok, at 2"},
		{"exact below, the first known", live("a b c"), 0, "b", "ok, at 1"},
		{"exact below, first differs", live("a b c"), 0, "x", "wrong, at 2"},
		{"exact below, later differs", live("a b c"), 0, "b x", "wrong, at 2"},
		{"exact below, more than before", live("a b c"), 0, "b c d", "wrong, at 2"},
		{"exact below, other order", live("a b c"), 0, "c b", "wrong, at 2"},
		{"exact below, nothing to write", live("a b c"), 0, "", "wrong, at 2"},
		{"none, all known", live("a b"), wantNone, "a b", "ok, at 1"},
		{"none, a part known", live("a b"), wantNone, "a", "ok, at 0"},
		{"none, first differs", live("a b"), wantNone, "x", "wrong, at 1"},

		{"any, all known", live("a b c"), wantAny, "a b", "ok, at 1"},
		{"any, known elsewhere in the stream", live("a b c"), wantAny, "c", "ok, at 2"},
		{"any, first unknown", live("a b"), wantAny, "x a", "ok, at 3"},
		{"any, later unknown", live("a b"), wantAny, "b x", "wrong, at 1"},
		{"exists, all known", live("a b"), wantExists, "b", "ok, at 1"},
		{"exists, unknown", live("a b"), wantExists, "x", "ok, at 2"},

		{"nothing to write, any", live("a b"), wantAny, "", "ok, at 1"},
		{"nothing to write, exact", live("a b"), 1, "", "ok, at 1"},
		{"nothing to write, missing", missing, wantAny, "", "ok, no stream"},
		{"nothing to write, missing, none", missing, wantNone, "", "ok, no stream"},

		{"soft deleted, none", softly("a b"), wantNone, "x", "ok, at 2"},
		{"soft deleted, any", softly("a b"), wantAny, "x", "ok, at 2"},
		{"soft deleted, old last", softly("a b"), 1, "x", "ok, at 2"},
		{"soft deleted, below", softly("a b"), 0, "x", "wrong, at 1"},
		{"soft deleted, ahead", softly("a b"), 2, "x", "wrong, at 1"},
		{"soft deleted, exists", softly("a b"), wantExists, "x", "FailedPrecondition"},
	} {
		t.Run(row.name, func(t *testing.T) {
			name := "row-" + strings.ReplaceAll(row.name, " ", "-")
			row.prepare(name)
			before := r.Head()
			answer, _, err := r.append(name, row.want, evs(row.events)...)
			if got := said(answer, err); got != row.says {
				t.Fatalf("says %q, want %q", got, row.says)
			}
			repeat := strings.HasPrefix(row.says, "ok") && r.Head() == before && row.events != ""
			if repeat && answer.GetSuccess().GetPosition().GetCommitPosition() > before {
				t.Errorf("a repeat must answer an old position, got %v", answer)
			}
			if w := answer.GetWrongExpectedVersion(); w != nil && r.Head() != before {
				t.Errorf("a refused append was stored")
			}
		})
	}
}

func TestARepeatIsAnsweredWithTheOldRevisionAndPosition(t *testing.T) {
	r := newRig(t)
	first := r.must("s", wantNone, evs("a b")...)
	r.must("s", 1, evs("c d")...)
	for _, want := range []int64{wantNone, wantAny} {
		answer, _, err := r.append("s", want, evs("a b")...)
		if err != nil || answer.GetSuccess().GetCurrentRevision() != 1 || answer.GetSuccess().GetPosition().GetCommitPosition() != first {
			t.Errorf("expecting %d: %v %v, want revision 1 at %d", want, answer, err, first)
		}
	}
}

func TestIdsAreUniquePerStreamOnly(t *testing.T) {
	r := newRig(t)
	r.must("s", wantAny, ev("a"))
	before := r.Head()
	r.must("t", wantAny, ev("a"))
	if r.Head() != before+1 {
		t.Error("the same id in another stream is another event")
	}
}

func TestAWrongVersionAnswerCarriesBothForms(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("a b")...)
	answer, _, err := r.append("s", 7, ev("x"))
	if err != nil {
		t.Fatal(err)
	}
	w := answer.GetWrongExpectedVersion()
	if w.GetCurrentRevision() != 1 || w.GetCurrentRevision_20_6_0() != 1 || w.GetExpectedRevision() != 7 || w.GetExpectedRevision_20_6_0() != 7 {
		t.Errorf("got %v", w)
	}
	answer, _, err = r.append("missing", wantExists, ev("x"))
	if err != nil {
		t.Fatal(err)
	}
	w = answer.GetWrongExpectedVersion()
	if w.GetCurrentNoStream() == nil || w.GetNoStream_20_6_0() == nil || w.GetExpectedStreamExists() == nil || w.GetStreamExists_20_6_0() == nil {
		t.Errorf("got %v", w)
	}
	answer, _, err = r.append("s", wantNone, ev("x"))
	if err != nil || answer.GetWrongExpectedVersion().GetExpectedNoStream() == nil {
		t.Errorf("got %v %v", answer, err)
	}
	answer, _, err = r.append("s", wantAny, ev("a"), ev("x"))
	if err != nil || answer.GetWrongExpectedVersion().GetExpectedAny() == nil {
		t.Errorf("got %v %v", answer, err)
	}
}

func TestAnEmptyAppendLeavesTheStreamMissing(t *testing.T) {
	r := newRig(t)
	before := r.Head()
	answer, _, err := r.append("s", wantAny)
	if err != nil || answer.GetSuccess().GetNoPosition() == nil {
		t.Errorf("got %v %v", answer, err)
	}
	if answers, _, err := r.read(ofStream("s")); err != nil || show(answers) != "not-found" || r.Head() != before {
		t.Errorf("got %s %v", show(answers), err)
	}
}

func TestASoftDeletedStreamComesBackWithItsOtherMetadata(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("a b")...)
	r.must("$$s", wantAny, meta(`{"$tb":9223372036854775807,"owner":"x","$maxCount":5}`))
	if answers, _, _ := r.read(ofStream("s")); show(answers) != "not-found" {
		t.Fatalf("a stream truncated at the end of numbers is soft deleted, got %s", show(answers))
	}
	r.must("s", wantNone, ev("c"))
	answers, _, err := r.read(ofStream("$$s"))
	if err != nil || show(answers) != "$$s#1" {
		t.Fatalf("got %s %v", show(answers), err)
	}
	if got := string(answers[0].GetEvent().GetEvent().GetData()); got != `{"$tb":2,"owner":"x","$maxCount":5}` {
		t.Errorf("metadata after the return: %s", got)
	}
	if answers, _, _ := r.read(ofStream("s")); show(answers) != "s#2" {
		t.Errorf("got %s", show(answers))
	}
}

// What comes back after a restart must be what memory had said before.
func TestARestartedNodeKnowsWhatTheOldOneKnew(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("a b")...)
	r.must("gone", wantNone, ev("a"))
	if _, _, err := r.tombstone("gone", 0); err != nil {
		t.Fatal(err)
	}
	r.must("soft", wantNone, evs("a b")...)
	if _, _, err := r.delete("soft", 1); err != nil {
		t.Fatal(err)
	}
	head := r.Head()
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	n, err := Open(t.Context(), Options{DatabaseURL: r.opts.DatabaseURL})
	if err != nil {
		t.Fatal(err)
	}
	again := serve(t, n)
	if again.Head() != head {
		t.Errorf("head %d after the restart, %d before", again.Head(), head)
	}
	for _, row := range []struct {
		stream string
		want   int64
		events string
		says   string
	}{
		{"s", wantNone, "a b", "ok, at 1"},
		{"s", wantAny, "b", "ok, at 1"},
		{"s", 0, "x", "wrong, at 1"},
		{"s", 1, "c", "ok, at 2"},
		{"gone", wantAny, "x", "FailedPrecondition"},
		{"$$gone", wantAny, "x", "FailedPrecondition"},
		{"soft", wantExists, "x", "FailedPrecondition"},
		{"soft", wantNone, "x", "ok, at 2"},
	} {
		answer, _, err := again.append(row.stream, row.want, evs(row.events)...)
		if got := said(answer, err); got != row.says {
			t.Errorf("%s expecting %d: %q, want %q", row.stream, row.want, got, row.says)
		}
	}
}

func TestASecondNodeCannotWriteToTheSameDatabase(t *testing.T) {
	r := newRig(t)
	s := &session{config: r.pool.Config().ConnConfig}
	ctx, cancel := contextWithin(t, 3*lockPoll)
	defer cancel()
	if _, err := s.reopen(ctx); err == nil {
		t.Error("a second session became the writer")
	}
	s.close(t.Context())
}
