package node

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/google/uuid"
)

// firstEvents are what tools expect to find in a new event store. Their ids are
// fixed, so that writing them again at every start changes nothing.
func firstEvents() []struct{ stream, typ, id, data string } {
	return []struct{ stream, typ, id, data string }{
		{"$user-admin", "$UserCreated", "6a656a61-6b00-4000-8000-000000000001",
			`{"loginName":"admin","fullName":"Event Store Administrator","groups":["$admins"],"disabled":false}`},
		{"$user-ops", "$UserCreated", "6a656a61-6b00-4000-8000-000000000002",
			`{"loginName":"ops","fullName":"Event Store Operations","groups":["$ops"],"disabled":false}`},
		{"$users", "$User", "6a656a61-6b00-4000-8000-000000000003", `"admin"`},
	}
}

// bootstrap writes the first events of a new log.
func (n *Node) bootstrap(ctx context.Context) error {
	for _, first := range firstEvents() {
		o, err := n.write(ctx, &request{
			stream: first.stream, want: expectation{kind: expectNoStream},
			events: []*event{{id: uuid.MustParse(first.id), typ: first.typ, json: true, data: []byte(first.data), meta: []byte{}}},
		})
		if err != nil {
			return fmt.Errorf("%s: %w", first.stream, err)
		}
		// Anything else than stored means that users of this log are kept already.
		n.opts.Log.Debug("first event", slog.Any("stream", first.stream), slog.Any("new", o.verdict == accepted))
	}
	return nil
}
