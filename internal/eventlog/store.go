package eventlog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	grpcmeta "google.golang.org/grpc/metadata"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

var _ commands.Store = (*Log)(nil)

// Load gives every event of a stream, at most MaxStreamEvents, foreign ones with
// their mark. An event that cannot be decoded is an error; a stream of which events
// are gone is refused, slug "stream-cut".
func (l *Log) Load(ctx context.Context, stream string) ([]domain.Recorded, error) {
	entries, err := l.ReadStream(ctx, stream, 0, MaxStreamEvents+1)
	switch {
	case code(err) == esdb.ErrorCodeStreamDeleted:
		err = streamCut(stream, "it was tombstoned from outside")
	case err == nil && len(entries) == 0:
		err = l.neverWritten(ctx, stream)
	case err == nil:
		err = wholeFromFirst(stream, entries)
	}
	if err != nil {
		return nil, err
	}
	if len(entries) > MaxStreamEvents {
		return nil, fmt.Errorf("%s has more than %d events", stream, MaxStreamEvents)
	}
	events := make([]domain.Recorded, len(entries))
	for n, e := range entries {
		if e.Err != nil {
			return nil, e.Err
		}
		events[n] = e.Recorded
	}
	return events, nil
}

// ErrFateUnknown marks the answer to an append that was sent, and whose events may be
// stored, or may be yet.
var ErrFateUnknown = errors.New("it is not known whether the events are stored")

// Append stores events after a revision, all or none; see commands.Store. When
// the store did not say what became of them, the stream is read once to find
// out, at most settleGrace after the end of ctx; if that is no use either, the
// answer is a domain.Error of kind Unavailable and ErrFateUnknown. A stream
// that was deleted in the event store itself is refused as such.
func (l *Log) Append(ctx context.Context, stream string, after int64, events []commands.NewEvent) (commands.Place, error) {
	data, err := l.proposed(events)
	if err != nil {
		return commands.Place{}, err
	}
	if parent := events[0].Meta.Trace; parent != "" { // the store may go on with the trace
		ctx = grpcmeta.AppendToOutgoingContext(ctx, "traceparent", parent)
	}
	last := uint64(after + int64(len(events)))
	written, open, err := l.write(ctx, stream, after, data)
	switch {
	case err == nil && written.NextExpectedVersion == last && written.CommitPosition > 0 && written.CommitPosition <= maxPosition:
		l.saw(written.CommitPosition)
		return commands.Place{Revision: last, Position: written.CommitPosition}, nil
	case err == nil: // a repeat of what is stored, or was: a deleted stream is answered without a place
		err = fmt.Errorf("%w: the store answered revision %d, position %d", errStreamDeleted, written.NextExpectedVersion, written.CommitPosition)
	case open:
	case code(err) == esdb.ErrorCodeWrongExpectedVersion:
		return commands.Place{}, commands.ErrMoved
	default:
		return commands.Place{}, err
	}
	return l.settle(ctx, stream, after, events, err)
}

// write appends, if need be several times with the same ids. open says that the
// events may have been stored although the error says otherwise.
func (l *Log) write(ctx context.Context, stream string, after int64, data []esdb.EventData) (_ *esdb.WriteResult, open bool, _ error) {
	var expected esdb.ExpectedRevision = esdb.NoStream{}
	if after >= 0 {
		expected = esdb.Revision(uint64(after))
	}
	options := esdb.AppendToStreamOptions{ExpectedRevision: expected, Deadline: &l.callTimeout, RequiresLeader: true}
	var unknown atomic.Int32 // tries whose outcome is
	written, err := callBy(ctx, l, l.confirmedLink, func(ctx context.Context, client *esdb.Client) (*esdb.WriteResult, error) {
		unknown.Add(1)
		written, err := client.AppendToStream(ctx, stream, options, data...)
		if refused(err) {
			unknown.Add(-1)
		}
		return written, err
	})
	return written, unknown.Load() > 0, err
}

// refused says that nothing of an append was stored.
func refused(err error) bool {
	switch code(err) {
	case esdb.ErrorCodeNotLeader, esdb.ErrorCodeStreamDeleted, esdb.ErrorCodeAccessDenied, esdb.ErrorCodeUnauthenticated:
		return true
	}
	return answered(err) || tooLarge(err) || statusOf(err).Message() == "Server Is Not Ready"
}

// settle finds out what became of an append. The caller may have left by now;
// the answer is still wanted, as only it tells a stored fact from a lost one, but
// it may not keep the caller for longer than settleGrace.
func (l *Log) settle(ctx context.Context, stream string, after int64, events []commands.NewEvent, cause error) (commands.Place, error) {
	held, err := l.ReadStream(ctx, stream, uint64(after+1), len(events))
	if err != nil && ctx.Err() != nil {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleGrace)
		defer cancel()
		held, err = l.ReadStream(grace, stream, uint64(after+1), len(events))
	}
	if err != nil {
		if domain.KindOf(err) == domain.Refused {
			return commands.Place{}, err
		}
		return commands.Place{}, fmt.Errorf("%w: %w", ErrFateUnknown, unreachable(errors.Join(cause, err)))
	}
	for n, e := range held {
		if e.ID != events[n].ID {
			return commands.Place{}, commands.ErrMoved // another's: ours can no longer be stored there
		}
	}
	switch {
	case len(held) == len(events):
	case errors.Is(cause, errStreamDeleted):
		return commands.Place{}, cause
	case code(cause) == esdb.ErrorCodeWrongExpectedVersion:
		return commands.Place{}, commands.ErrMoved
	default: // not stored, or not yet
		return commands.Place{}, fmt.Errorf("%w: %w", ErrFateUnknown, unreachable(cause))
	}
	last := held[len(held)-1]
	return commands.Place{Revision: last.Revision, Position: last.Position}, nil
}

// ReadStream gives up to limit events of a stream from a revision on. A stream
// that does not exist has none.
func (l *Log) ReadStream(ctx context.Context, stream string, from uint64, limit int) ([]Entry, error) {
	if limit < 1 || limit > MaxStreamEvents+1 {
		return nil, domain.Bad("limit", "limit-out-of-range", "a stream is read 1 to %d events at a time", MaxStreamEvents)
	}
	events, err := call(ctx, l, func(ctx context.Context, client *esdb.Client) ([]*esdb.RecordedEvent, error) {
		reading, err := client.ReadStream(ctx, stream, esdb.ReadStreamOptions{From: esdb.Revision(from), RequiresLeader: true}, uint64(limit))
		if err != nil {
			return nil, err
		}
		return drain(reading)
	})
	if code(err) == esdb.ErrorCodeResourceNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", stream, err)
	}
	entries := make([]Entry, len(events))
	for n, e := range events {
		entries[n] = l.entry(e)
	}
	return entries, nil
}

// drain receives to the end.
func drain(reading *esdb.ReadStream) ([]*esdb.RecordedEvent, error) {
	defer reading.Close()
	var events []*esdb.RecordedEvent
	for {
		event, err := reading.Recv()
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		if event.OriginalEvent() == nil {
			return nil, fmt.Errorf("the store sent a message without an event")
		}
		events = append(events, event.OriginalEvent())
	}
}
