package gates

import (
	"context"
	"testing"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/bench"
)

const topic = "happenings"

// newPublisher is watermill-sql as its documentation shows it.
func newPublisher(t testing.TB, pool *pgxpool.Pool) message.Publisher {
	t.Helper()
	p, err := sql.NewPublisher(sql.BeginnerFromPgx(pool), sql.PublisherConfig{
		SchemaAdapter: sql.DefaultPostgreSQLSchema{}, AutoInitializeSchema: true,
	}, watermill.NopLogger{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func asMessages(ctx context.Context, some []happening) []*message.Message {
	messages := make([]*message.Message, len(some))
	for i, h := range some {
		m := message.NewMessage(h.id.String(), h.data)
		m.Metadata = message.Metadata{"stream": h.stream, "type": h.typ, "meta": string(h.meta)}
		m.SetContext(ctx)
		messages[i] = m
	}
	return messages
}

// publishing is the variant that hands watermill-sql so many messages a call.
func publishing(p message.Publisher, callers, each int) bench.Variant {
	all := writers("s", callers)
	return bench.Calls("watermill-sql", callers, func(ctx context.Context, caller int) (int, error) {
		return each, p.Publish(topic, asMessages(ctx, all[caller].some(each))...)
	})
}
