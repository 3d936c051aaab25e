package daemon

import (
	"context"
	"fmt"
	"net/url"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// Collector says where spans go.
type Collector struct {
	// URL is the base address of an OTLP/HTTP collector such as http://localhost:4318 (what OTEL_EXPORTER_OTLP_ENDPOINT
	// holds; the traces path is added). Empty: nothing is recorded.
	URL string
	// Headers go with every request, a token for example.
	Headers map[string]string
}

// Tracing makes the process's spans travel to a collector, all of them or those that OTEL_TRACES_SAMPLER and
// OTEL_TRACES_SAMPLER_ARG choose. Without a collector nothing is recorded, yet the W3C trace context of incoming messages is
// still handed on. Nothing is dialled here: an unreachable collector costs its spans, never a message. stop sends what is
// left, within its context; register it with OnStop.
func Tracing(ctx context.Context, name, version string, to Collector) (stop func(context.Context) error, err error) {
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	if to.URL == "" {
		return func(context.Context) error { return nil }, nil
	}
	u, err := url.Parse(to.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("tracing endpoint %q: want the http or https address of an OTLP collector", to.URL)
	}
	exporter, err := otlptrace.New(ctx, newCollector(u.JoinPath("v1", "traces").String(), to.Headers))
	if err != nil {
		return nil, fmt.Errorf("tracing to %s: %w", to.URL, err)
	}
	provider := trace.NewTracerProvider(
		trace.WithBatcher(exporter),
		trace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", name),
			attribute.String("service.version", version),
		)),
	)
	otel.SetTracerProvider(provider)
	return provider.Shutdown, nil
}
