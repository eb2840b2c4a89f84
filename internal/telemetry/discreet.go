package telemetry

import (
	"context"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// told are the attributes that leave the house, besides our own ("jejak."). The
// paths and queries of requests hold ids of people and words they looked for;
// addresses and browsers tell who asked. None of that does.
var told = []attribute.Key{
	"http.request.method", "http.response.status_code", "http.route", "http.request.body.size", "http.response.body.size",
	"network.protocol.name", "network.protocol.version", "url.scheme", "error.type",
}

// discreet sends spans without the attributes that are not told, and without the
// texts of errors.
type discreet struct{ sdktrace.SpanExporter }

// ExportSpans sends.
func (d discreet) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	quiet := make([]sdktrace.ReadOnlySpan, len(spans))
	for i, s := range spans {
		quiet[i] = hushed{s}
	}
	return d.SpanExporter.ExportSpans(ctx, quiet)
}

type hushed struct{ sdktrace.ReadOnlySpan }

// Attributes that are told.
func (h hushed) Attributes() []attribute.KeyValue {
	return slices.DeleteFunc(slices.Clone(h.ReadOnlySpan.Attributes()), func(a attribute.KeyValue) bool {
		return !strings.HasPrefix(string(a.Key), "jejak.") && !slices.Contains(told, a.Key)
	})
}

// Events are texts of errors and panics, and stay here.
func (h hushed) Events() []sdktrace.Event { return nil }

// Status without its text.
func (h hushed) Status() sdktrace.Status { return sdktrace.Status{Code: h.ReadOnlySpan.Status().Code} }
