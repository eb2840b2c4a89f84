package node

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// To end such a stream once more, as one that is not there, took the transaction with
// it, and the writes of others in it.
func TestAStreamThatWasSoftDeletedAndEndedIsGoneWhateverIsExpected(t *testing.T) {
	r := newRig(t)
	for what, try := range map[string]func(string, int64) error{
		"delete":    func(s string, want int64) error { _, _, err := r.delete(s, want); return err },
		"tombstone": func(s string, want int64) error { _, _, err := r.tombstone(s, want); return err },
	} {
		t.Run(what, func(t *testing.T) {
			stream := "s-" + what
			r.must(stream, wantNone, evs("a b")...)
			if _, _, err := r.delete(stream, wantAny); err != nil {
				t.Fatal(err)
			}
			if _, _, err := r.tombstone(stream, wantAny); err != nil {
				t.Fatal(err)
			}
			head := r.Head()
			for _, want := range []int64{wantNone, wantAny, 1} {
				if err := try(stream, want); status.Code(err) != codes.FailedPrecondition {
					t.Errorf("expecting %d: %v", want, err)
				}
			}
			if r.Head() != head {
				t.Error("something was stored")
			}
		})
	}
}
