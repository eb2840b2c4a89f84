package telemetry

import (
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// HTTP traces the requests that are worth it. A caller's traceparent is gone on
// with; the handler finds the present one in the request's header, whoever began it.
func (t *Tracing) HTTP(next http.Handler, worth func(*http.Request) bool) http.Handler {
	named := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if here := trace.SpanContextFromContext(r.Context()); here.IsValid() {
			t.context.Inject(r.Context(), propagation.HeaderCarrier(r.Header))
		}
		next.ServeHTTP(w, r)
	})
	return otelhttp.NewHandler(named, "http", otelhttp.WithTracerProvider(t.provider), otelhttp.WithPropagators(t.context),
		otelhttp.WithFilter(worth),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return methodOf(r) }))
}

// Named gives the span of a request the name of its route. It goes inside of the
// router, as Metrics.HTTP does, and is asked in the same way.
func (t *Tracing) Named(route func(*http.Request) string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				if pattern := route(r); pattern != "" {
					span := trace.SpanFromContext(r.Context())
					span.SetName(methodOf(r) + " " + pattern)
					span.SetAttributes(attribute.String("http.route", pattern))
				}
			}()
			next.ServeHTTP(w, r)
		})
	}
}
