package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// tracingInto keeps spans as a collector would get them.
func tracingInto(t *testing.T) (*Tracing, *tracetest.InMemoryExporter) {
	kept := tracetest.NewInMemoryExporter()
	tracing := newTracing(Build{}, func(error) string { return "kind" }, sdktrace.WithSyncer(discreet{kept}))
	t.Cleanup(func() {
		if err := tracing.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return tracing, kept
}

// parentOf makes the traceparent of the n-th invented trace.
func parentOf(n int) string { return fmt.Sprintf("00-%032x-%016x-01", n, n) }

func TestWorkBelongsToTheTraceOfItsFactsOrIsLinkedToThem(t *testing.T) {
	many := make([]string, 100)
	for n := range many {
		many[n] = parentOf(n + 1)
	}
	for _, c := range []struct {
		name    string
		parents []string
		trace   string // of the span; empty when it has one of its own
		links   int
		spans   int
	}{
		{name: "nobody traced", parents: nil},
		{name: "no traceparents", parents: []string{"", "x", "00-0-0-01"}},
		{name: "not recorded", parents: []string{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"}},
		{name: "one trace", parents: []string{parentOf(1), parentOf(1), ""}, trace: fmt.Sprintf("%032x", 1), spans: 1},
		{name: "two traces", parents: []string{parentOf(1), parentOf(2), parentOf(1)}, links: 2, spans: 1},
		{name: "many traces", parents: many, links: MaxLinks, spans: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			tracing, kept := tracingInto(t)
			ctx, end := tracing.Work(t.Context(), "process", c.parents)
			_, inner := tracing.Work(ctx, "commit", c.parents)
			inner(nil)
			end(nil)
			spans := kept.GetSpans()
			if len(spans) != 2*c.spans {
				t.Fatalf("%d spans", len(spans))
			}
			if c.spans == 0 {
				return
			}
			commit, process := spans[0], spans[1]
			if c.trace != "" && process.SpanContext.TraceID().String() != c.trace || len(process.Links) != c.links {
				t.Errorf("trace %s with %d links", process.SpanContext.TraceID(), len(process.Links))
			}
			if commit.Parent.SpanID() != process.SpanContext.SpanID() || len(commit.Links) != c.links {
				t.Errorf("the inner work is below %s with %d links", commit.Parent.SpanID(), len(commit.Links))
			}
		})
	}
}

func TestASpanTellsNeitherWhoAskedNorWhatWasSaid(t *testing.T) {
	tracing, kept := tracingInto(t)
	var inner string
	handler := tracing.HTTP(tracing.Named(func(*http.Request) string { return "/v1/people/{person}" })(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			inner = r.Header.Get("traceparent")
			_, end := tracing.Call(r.Context(), "call")
			span := trace.SpanFromContext(r.Context())
			span.RecordError(errors.New("secret of budi"))
			end(errors.New("secret of budi"))
			w.WriteHeader(http.StatusInternalServerError)
		})), func(r *http.Request) bool { return r.URL.Path != "/quiet" })
	r := httptest.NewRequest(http.MethodGet, "/v1/people/budi?q=budi", nil)
	r.Header.Set("traceparent", parentOf(7))
	r.Header.Set("User-Agent", "budi")
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/quiet", nil))
	handler.ServeHTTP(httptest.NewRecorder(), r)
	spans := kept.GetSpans()
	if len(spans) != 2 {
		t.Fatalf("%d spans", len(spans))
	}
	call, request := spans[0], spans[1]
	if request.Name != "GET /v1/people/{person}" || request.SpanContext.TraceID().String() != fmt.Sprintf("%032x", 7) || request.Status.Code != codes.Error {
		t.Errorf("%+v", request)
	}
	if !strings.Contains(inner, request.SpanContext.SpanID().String()) || call.Status.Code != codes.Error {
		t.Errorf("inside, the request has the traceparent %q; the call ended with %v", inner, call.Status)
	}
	for _, s := range spans {
		if text := fmt.Sprintf("%+v %+v %+v", s.Attributes, s.Events, s.Status); strings.Contains(text, "budi") || strings.Contains(text, "192.0.2.1") {
			t.Errorf("%s tells %s", s.Name, text)
		}
	}
}
