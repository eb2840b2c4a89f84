package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// tracerName is the instrumentation scope of all our spans.
const tracerName = "github.com/jejak-kinerja/jejak"

// traceparent is the header of W3C Trace Context.
const traceparent = "traceparent"

// Tracing sends spans to a collector. Safe for concurrent use.
type Tracing struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	context  propagation.TraceContext
	kind     func(error) string
}

// TracingWanted says whether the environment asks for traces, by the standard
// variables of OpenTelemetry.
func TracingWanted() bool {
	endpoint := os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
	return endpoint && os.Getenv("OTEL_SDK_DISABLED") != "true" && os.Getenv("OTEL_TRACES_EXPORTER") != "none"
}

// StartTracing sends spans where the environment says: OTEL_EXPORTER_OTLP_*,
// OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER and OTEL_BSP_*
// are read. kind names the kind of an error without its text, which may hold what
// no span should. A collector that is away costs nothing but its spans: the queue
// is bounded, and what does not fit is dropped.
func StartTracing(ctx context.Context, build Build, kind func(error) string, log *slog.Logger) (*Tracing, error) {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"} {
		if protocol := os.Getenv(name); protocol != "" && protocol != "http/protobuf" {
			return nil, fmt.Errorf("%s is %q, but traces are sent by http/protobuf only (port 4318 of most collectors)", name, protocol)
		}
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("send traces: %w", err)
	}
	about, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "jejak"), attribute.String("service.version", build.Version)),
		resource.WithFromEnv()) // the last word
	if err != nil {
		return nil, errors.Join(fmt.Errorf("send traces: %w", err), exporter.Shutdown(ctx))
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces are not sent", slog.Any("error", err)) }))
	return newTracing(build, kind, sdktrace.WithBatcher(discreet{exporter}), sdktrace.WithResource(about)), nil
}

func newTracing(build Build, kind func(error) string, options ...sdktrace.TracerProviderOption) *Tracing {
	provider := sdktrace.NewTracerProvider(options...)
	return &Tracing{provider: provider, tracer: provider.Tracer(tracerName, trace.WithInstrumentationVersion(build.Version)), kind: kind}
}

// Close sends what is left, until ctx ends.
func (t *Tracing) Close(ctx context.Context) error {
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("send the last traces: %w", err)
	}
	return nil
}

// On says whether a trace is being recorded in ctx.
func (t *Tracing) On(ctx context.Context) bool { return trace.SpanContextFromContext(ctx).IsSampled() }

// Parent is the traceparent of the span in ctx; empty when no trace is recorded.
func (t *Tracing) Parent(ctx context.Context) string {
	if !t.On(ctx) {
		return ""
	}
	carrier := propagation.MapCarrier{}
	t.context.Inject(ctx, carrier)
	return carrier[traceparent]
}

// Call starts a span for a call that we make, below the one in ctx; there is none
// when no trace is recorded. end takes its error.
func (t *Tracing) Call(ctx context.Context, name string, about ...attribute.KeyValue) (_ context.Context, end func(error)) {
	if !t.On(ctx) {
		return ctx, func(error) {}
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(about...))
	return ctx, func(err error) { t.end(span, err) }
}

// Answer starts a span for a call that we answer, below the caller's traceparent.
// Without one there is no span.
func (t *Tracing) Answer(ctx context.Context, name, parent string) (_ context.Context, end func(error)) {
	from := t.remote(parent)
	if !from.IsSampled() {
		return ctx, func(error) {}
	}
	ctx, span := t.tracer.Start(trace.ContextWithRemoteSpanContext(ctx, from), name, trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(err error) { t.end(span, err) }
}

// remote reads a traceparent; the zero SpanContext when it is none.
func (t *Tracing) remote(parent string) trace.SpanContext {
	return trace.SpanContextFromContext(t.context.Extract(context.Background(), propagation.MapCarrier{traceparent: parent}))
}

func (t *Tracing) end(span trace.Span, err error) {
	if err != nil {
		span.SetAttributes(attribute.String("error.type", t.kind(err)))
		span.SetStatus(codes.Error, "")
	}
	span.End()
}
