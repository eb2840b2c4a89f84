package gates

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/bench"
	"github.com/jejak-kinerja/jejak/internal/clock"
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

// newSubscriber is watermill-sql's in a consumer group of its own.
func newSubscriber(pool *pgxpool.Pool, group string, batch int, poll time.Duration) (message.Subscriber, error) {
	return sql.NewSubscriber(sql.BeginnerFromPgx(pool), sql.SubscriberConfig{
		ConsumerGroup: group, PollInterval: poll, InitializeSchema: true,
		SchemaAdapter:  sql.DefaultPostgreSQLSchema{SubscribeBatchSize: batch},
		OffsetsAdapter: sql.DefaultPostgreSQLOffsetsAdapter{},
	}, watermill.NopLogger{})
}

// subscribing is the variant that follows the topic from its start, each time as
// a new consumer group, and acknowledges at once.
func subscribing(t testing.TB, pool *pgxpool.Pool, batch int) bench.Variant {
	t.Helper()
	groups := 0
	return bench.Variant{Name: peerName, Work: func(ctx context.Context, slice time.Duration) (s bench.Sample, err error) {
		groups++
		sub, err := newSubscriber(pool, fmt.Sprint("group", groups), batch, 0)
		if err != nil {
			return s, err
		}
		whole := clock.Watch()
		messages, err := sub.Subscribe(ctx, topic)
		for err == nil && whole() < slice {
			m, open := <-messages
			if !open {
				return s, errors.New("the subscription ended")
			}
			m.Ack()
			s.Count++
		}
		s.Took = whole()
		return s, errors.Join(err, sub.Close())
	}}
}

// polling is the variant that publishes, and whose subscriber polls every 10 ms
// and applies each message in a transaction.
func polling(t testing.TB, pool, rows *pgxpool.Pool, rate int) bench.Variant {
	t.Helper()
	p, at, seen := newPublisher(t, pool), &places{}, newAwaited()
	sample := writers("unused", 1)[0].one()
	follow := func(ctx context.Context) (err error) {
		sub, err := newSubscriber(pool, "sums", 0, 10*time.Millisecond)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, sub.Close()) }()
		messages, err := sub.Subscribe(ctx, topic)
		if err != nil {
			return err
		}
		for m := range messages {
			if err := applyOne(ctx, rows, m.Metadata["stream"], 1, seen.next()); err != nil {
				return err
			}
			m.Ack()
			seen.arrive(m.UUID)
		}
		return nil
	}
	return bench.Variant{Name: pollName, Work: func(ctx context.Context, slice time.Duration) (bench.Sample, error) {
		return during(ctx, follow, func(ctx context.Context) (bench.Sample, error) {
			return bench.Open(ctx, slice, rate, func(ctx context.Context, _ int) error {
				h := sample
				h.id = newID()
				h.stream, h.revision = streamOf(at.take())
				arrived := seen.expect(h.id.String())
				if err := p.Publish(topic, asMessages(ctx, []happening{h})...); err != nil {
					return err
				}
				return wait(ctx, arrived)
			})
		})
	}}
}
