package telemetry

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// MaxLinks bounds the traces that one span of a batch names: a batch may hold
// facts of thousands.
const MaxLinks = 32

// Work starts a span for some work on facts that were stored in traces: parents
// are their traceparents, in any number, repeated or not. Without any, there is no
// span.
//
// In a trace already, the span belongs to it. Else it belongs to the trace of the
// facts when they all have the same, so that one order is one trace from the
// request to the row; else it begins a trace of its own. It is linked to the traces
// that it does not belong to, MaxLinks at most.
func (t *Tracing) Work(ctx context.Context, name string, parents []string, about ...attribute.KeyValue) (_ context.Context, end func(error)) {
	traces := t.traces(parents)
	if len(traces) == 0 {
		return ctx, func(error) {}
	}
	if here := trace.SpanContextFromContext(ctx); !here.IsValid() && len(traces) == 1 {
		ctx = trace.ContextWithRemoteSpanContext(ctx, traces[0])
	}
	belongs := trace.SpanContextFromContext(ctx).TraceID()
	var links []trace.Link
	for _, other := range traces {
		if other.TraceID() != belongs && len(links) < MaxLinks {
			links = append(links, trace.Link{SpanContext: other})
		}
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithLinks(links...), trace.WithAttributes(about...))
	return ctx, func(err error) { t.end(span, err) }
}

// traces gives one span of each trace that is recorded, MaxLinks+1 traces at most.
func (t *Tracing) traces(parents []string) (list []trace.SpanContext) {
	seen := map[trace.TraceID]bool{}
	last := ""
	for _, parent := range parents {
		if parent == "" || parent == last {
			continue
		}
		last = parent
		from := t.remote(parent)
		if !from.IsSampled() || seen[from.TraceID()] {
			continue
		}
		seen[from.TraceID()] = true
		if list = append(list, from); len(list) > MaxLinks {
			break
		}
	}
	return list
}
