package node

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func weighing(bytes int) *request {
	return &request{events: []*event{{data: make([]byte, bytes)}}, answer: func(outcome) {}}
}

func TestTheQueueRefusesWhatItCannotHold(t *testing.T) {
	q := newQueue(10_000)
	first := weighing(6000)
	if err := q.submit(first); err != nil {
		t.Fatal(err)
	}
	if err := q.submit(weighing(6000)); status.Code(err) != codes.Unavailable {
		t.Errorf("too much is answered %v", err)
	}
	ctx, cancel := contextWithin(t, 10*time.Millisecond)
	defer cancel()
	if err := q.submitWaiting(ctx, weighing(6000)); err == nil {
		t.Error("a waiting request was admitted too early")
	}
	first.answer(outcome{})
	if err := q.submit(weighing(1 << 20)); err != nil {
		t.Errorf("a request larger than the queue goes through alone, got %v", err)
	}
}

func TestTheQueueHandsOutInOrderAndWithinABatch(t *testing.T) {
	q := newQueue(1 << 30)
	var sent []*request
	for range 3 {
		r := weighing(maxBatchBytes / 2)
		sent = append(sent, r)
		if err := q.submit(r); err != nil {
			t.Fatal(err)
		}
	}
	q.close()
	for i, want := range sent {
		if got := q.take(nil); len(got) != 1 || got[0] != want {
			t.Fatalf("batch %d is %v", i, got)
		}
	}
	if got := q.take(nil); got != nil {
		t.Errorf("a closed and empty queue hands out %v", got)
	}
	if err := q.submit(weighing(1)); status.Code(err) != codes.Unavailable {
		t.Errorf("a closed queue answers %v", err)
	}
}

func TestAnAbandonedRequestIsNotWritten(t *testing.T) {
	r := newRig(t)
	gone := make(chan struct{})
	close(gone)
	head := r.Head()
	answers := make(chan outcome, 2)
	for _, late := range []*request{
		{stream: "s", gone: gone},
		{stream: "s", deadline: time.Unix(1, 0)},
	} {
		late.answer = func(o outcome) { answers <- o }
		late.events = []*event{{id: [16]byte{1}, typ: "t", data: []byte{}, meta: []byte{}}}
		late.identify()
		if err := r.queue.submit(late); err != nil {
			t.Fatal(err)
		}
		if o := <-answers; status.Code(o.err) != codes.DeadlineExceeded {
			t.Errorf("answered %+v", o)
		}
	}
	if r.Head() != head {
		t.Error("an abandoned request was written")
	}
}
