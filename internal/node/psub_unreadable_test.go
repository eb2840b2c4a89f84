package node

import (
	"math"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// Somebody wrote nonsense where the persistent subscriptions are kept, and the event
// store did not start any more.
func TestTheLogIsServedThoughItsPersistentSubscriptionsCannotBeRead(t *testing.T) {
	for what, kept := range map[string]struct {
		stream, nonsense string
		creating         codes.Code
	}{
		"their list":   {configStream, `{"entries":[{"stream":"s","group":""}]}`, codes.Internal},
		"a checkpoint": {groupKey{"s", "g"}.checkpointStream(), `"where was I?"`, codes.AlreadyExists},
	} {
		t.Run(what, func(t *testing.T) {
			url := pgtest.URL(t)
			open := func() *rig { return newRig(t, func(o *Options) { o.DatabaseURL = url }) }
			r := open()
			r.must("s", wantNone, evs("a b")...)
			r.group("s")
			r.must(groupKey{"s", "g"}.checkpointStream(), wantNone, proposed(uuid.New(), typeCheckpoint, contentJSON, `"0"`))
			page, _, _, err := r.reader.stream(t.Context(), kept.stream, span{to: math.MaxInt64, back: true}, 1)
			if err != nil || len(page) == 0 {
				t.Fatal(page, err)
			}
			r.must(kept.stream, wantAny, proposed(uuid.New(), "t", contentJSON, kept.nonsense))
			if err := r.Close(t.Context()); err != nil {
				t.Fatal(err)
			}

			r = open()
			r.must("s", 1, ev("c"))
			if _, err := r.groupsAPI().Create(r.context(), groupOn("s")); status.Code(err) != kept.creating {
				t.Errorf("a group of the same name is answered with %v", err)
			}
			r.must(kept.stream, wantAny, proposed(uuid.New(), "t", contentJSON, string(page[0].data)))
			for r.groups.Load().runs(groupKey{"s", "g"}) == nil { // it is tried again every second
				select {
				case <-time.After(50 * time.Millisecond):
				case <-r.context().Done():
					t.Fatal("the group does not run again")
				}
			}
			r.participant("s", 1).wants(1)
		})
	}
}
