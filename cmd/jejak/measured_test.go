package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/telemetry"
)

// answering is a store that answers every append alike.
type answering struct {
	commands.Store
	err error
}

func (a answering) Append(context.Context, string, int64, []commands.NewEvent) (commands.Place, error) {
	return commands.Place{}, a.err
}

func TestAppendsAreCountedByWhatBecameOfThem(t *testing.T) {
	known, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	away := fmt.Errorf("append: %w", &domain.Error{Kind: domain.Unavailable, Slug: "event-store-unreachable"})
	for _, c := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("%w: %w", eventlog.ErrFateUnknown, away), "jejak_append_unknown_total 1"},
		{away, "jejak_append_unknown_total 0"}, // it was never sent
		{commands.ErrMoved, "jejak_append_conflicts_total 1"},
	} {
		metrics := telemetry.New(telemetry.Build{})
		_, err := measured{answering{err: c.err}, metrics, known}.Append(t.Context(), "plan-1", -1, nil)
		if !errors.Is(err, c.err) {
			t.Errorf("the caller hears %v, want %v", err, c.err)
		}
		w := httptest.NewRecorder()
		metrics.Handler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		if !strings.Contains(w.Body.String(), "\n"+c.want+"\n") {
			t.Errorf("after %v the metrics do not say %q", c.err, c.want)
		}
	}
}
