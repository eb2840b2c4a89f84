package bus

import (
	"context"
	"log/slog"

	"github.com/ThreeDotsLabs/watermill/message"
)

// reader brings one handler its batches, one at a time.
type reader struct {
	handler  Handler
	feed     *feed
	position uint64
	own      Stream // while the handler is behind the window
}

// pump sends messages until ctx ends; work is the context of their handling,
// which may outlast ctx. It returns when no message is under way.
func (r *reader) pump(ctx, work context.Context, out chan<- *message.Message) {
	defer close(out)
	defer r.feed.window.leave(r)
	defer r.closeOwn()
	var wait pause
	for {
		b, err := r.next(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			r.feed.log.Warn("reading the log for one handler broke off; it is taken up again",
				slog.String("handler", r.handler.Name), slog.Any("error", err))
			r.closeOwn()
			wait.sleep(ctx)
			continue
		}
		m := newMessage(work, r.handler.Name, b)
		select {
		case out <- m:
		case <-ctx.Done():
			return
		}
		select { // the Router always answers: the handler's context ends in time
		case <-m.Acked():
			r.position = b.last()
			wait.reset()
		case <-m.Nacked(): // the Router has logged why
			wait.sleep(ctx)
			r.restart(ctx)
		}
	}
}

// next waits for the batch that follows the reader's position.
func (r *reader) next(ctx context.Context) (batch, error) {
	for {
		b, more, behind := r.feed.window.read(r, r.position)
		switch {
		case behind:
			return r.nextOwn(ctx)
		case more == nil:
			r.closeOwn()
			return b, nil
		}
		r.closeOwn()
		select {
		case <-more:
		case <-ctx.Done():
			return batch{}, ctx.Err()
		}
	}
}

func (r *reader) nextOwn(ctx context.Context) (batch, error) {
	if r.own == nil {
		stream, err := r.feed.source.Subscribe(ctx, r.position)
		if err != nil {
			return batch{}, err
		}
		r.own = stream
	}
	facts, err := next(ctx, r.own, r.position)
	return batch{after: r.position, facts: facts}, err
}

// restart goes back, or forth, to where the handler is.
func (r *reader) restart(ctx context.Context) {
	r.closeOwn()
	var wait pause
	for ctx.Err() == nil {
		at, err := r.handler.Checkpoint(ctx)
		if err == nil {
			r.position = at.Position
			return
		}
		r.feed.log.Warn("a handler does not know where it is", slog.String("handler", r.handler.Name), slog.Any("error", err))
		wait.sleep(ctx)
	}
}

func (r *reader) closeOwn() {
	if r.own == nil {
		return
	}
	if err := r.own.Close(); err != nil {
		r.feed.log.Warn("closing a handler's own reading", slog.String("handler", r.handler.Name), slog.Any("error", err))
	}
	r.own = nil
}
