package eventlog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

func TestAStoredButUnansweredAppendIsFoundOut(t *testing.T) {
	s := serve(t)
	p := stand(t, s.socket)
	l := connect(t, p.socket)
	mustAppend(t, l, "person-a", commands.Empty, facts(0, 1))
	before := s.node.Head()
	p.each((*pipe).silence)
	var cutting sync.WaitGroup
	cutting.Go(func() {
		waitFor(t, s, before+1)
		p.each((*pipe).cut)
	})
	place := mustAppend(t, l, "person-a", 0, facts(1, 2))
	cutting.Wait()
	if place.Revision != 2 || place.Position != s.node.Head() {
		t.Errorf("the place is %+v, the head %d", place, s.node.Head())
	}
	if events, err := l.Load(t.Context(), "person-a"); err != nil || len(events) != 3 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

func TestOnlyAnAppendThatWasSentIsOfUnknownFate(t *testing.T) {
	s := serve(t)
	p := stand(t, s.socket)
	l := connect(t, p.socket, func(o *Options) { o.CallTimeout = 500 * time.Millisecond })
	before := s.node.Head()
	p.each((*pipe).silence) // what it answers is not heard, and nobody new is let in
	if err := p.listener.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := l.Append(t.Context(), "person-a", commands.Empty, facts(0, 1))
	if !errors.Is(err, ErrFateUnknown) || domain.KindOf(err) != domain.Unavailable {
		t.Errorf("an append without an answer: %v", err)
	}
	waitFor(t, s, before+1)
	s.stop()
	p.each((*pipe).cut)
	eventually(t, func() error { // the first may still have been sent
		_, err := l.Append(t.Context(), "person-b", commands.Empty, facts(0, 1))
		if domain.KindOf(err) != domain.Unavailable {
			t.Errorf("an append to nobody: %v", err)
		}
		if errors.Is(err, ErrFateUnknown) {
			return err
		}
		return nil
	})
}

func TestAnAwayStoreIsUnavailableAndNobodyHangs(t *testing.T) {
	s := serve(t)
	l := connect(t, s.socket, func(o *Options) { o.CallTimeout = 300 * time.Millisecond })
	sub := subscribe(t, l, 0)
	s.stop()
	var callers sync.WaitGroup
	for n := range 16 {
		callers.Go(func() {
			if _, err := l.Load(t.Context(), "person-a"); domain.SlugOf(err) != "event-store-unreachable" {
				t.Errorf("load: %v", err)
			}
			if _, err := l.Append(t.Context(), fmt.Sprint("person-", n), commands.Empty, facts(0, 1)); domain.KindOf(err) != domain.Unavailable {
				t.Errorf("append: %v", err)
			}
		})
	}
	callers.Wait()
	s.start()
	eventually(t, func() error {
		_, err := l.Append(t.Context(), "person-a", commands.Empty, facts(0, 1))
		if errors.Is(err, commands.ErrMoved) {
			err = nil // an earlier try was stored
		}
		return err
	})
	collect(t, sub, 1)
}

func TestOpenGivesUpWithItsContext(t *testing.T) {
	o := Options{Socket: filepath.Join(t.TempDir(), "n"), Catalog: ledger(t), Log: slog.New(slog.DiscardHandler)}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, o); domain.SlugOf(err) != "event-store-unreachable" {
		t.Errorf("the error is %v", err)
	}
	for _, bad := range []Options{{}, {Catalog: o.Catalog}, {Catalog: o.Catalog, URL: "http://localhost"}} {
		if _, err := Open(ctx, bad); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

func TestAClosedLogAnswersNobody(t *testing.T) {
	s := serve(t)
	l := connect(t, s.socket)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Load(t.Context(), "person-a"); !errors.Is(err, errClosed) {
		t.Errorf("the error is %v", err)
	}
}

func TestManyFirstCallersAreAllAnswered(t *testing.T) {
	s := serve(t)
	l := connect(t, s.socket)
	for range 3 {
		link, err := l.gate.acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l.gate.retire(link)
		l.gate.release(link)
		var callers sync.WaitGroup
		for range 16 {
			callers.Go(func() {
				if _, err := l.Load(t.Context(), "person-a"); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
	}
}

func TestAPanicOfTheLibraryIsAnError(t *testing.T) {
	_, err := guarded(func() (int, error) { panic("unreachable code") })
	if !errors.Is(err, errPanicked) || !broken(err) {
		t.Errorf("the error is %v", err)
	}
}

// waitFor waits until the node's log has reached a position.
func waitFor(t *testing.T, s *server, position uint64) {
	t.Helper()
	eventually(t, func() error {
		if head := s.node.Head(); head < position {
			return fmt.Errorf("the head is %d, not %d", head, position)
		}
		return nil
	})
}

// eventually tries until it works, or patience ends.
func eventually(t testing.TB, try func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			t.Error(err)
			return
		}
	}
}
