package bus

import (
	"context"
	"testing"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"tocsin/pkg/messages"
)

// Not parallel: tracing is global.
func TestTraceGoesThroughTheBus(t *testing.T) {
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	before, propagator := otel.GetTracerProvider(), otel.GetTextMapPropagator()
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	defer func() { otel.SetTracerProvider(before); otel.SetTextMapPropagator(propagator) }()

	b := ready(t)
	ctx, root := provider.Tracer("test").Start(deadline(t), "poll")
	m := messages.Outgoing{Subject: "raw.x", ID: "1", Data: []byte("m1")}
	if err := b.Publish(ctx, m); err != nil {
		t.Fatal(err)
	}
	root.End()
	inside := make(chan trace.SpanContext, 1)
	r := consume(t, b, ConsumeOptions{Handle: func(ctx context.Context, d messages.Delivery) error {
		if d.Header["traceparent"] == "" {
			t.Errorf("no lower-case traceparent in %v", d.Header)
		}
		inside <- trace.SpanContextFromContext(ctx)
		return nil
	}})
	if got := <-inside; got.TraceID() != root.SpanContext().TraceID() {
		t.Errorf("trace %s arrived, %s was sent", got.TraceID(), root.SpanContext().TraceID())
	}
	r.stop(t)

	m.ID = "2"
	if err := b.Publish(ctx, m); err != nil {
		t.Fatal(err)
	}
	r = batches(t, b, BatchOptions{Wait: 50 * time.Millisecond, Handle: func(ctx context.Context, ds []messages.Delivery) []error {
		return make([]error, len(ds))
	}})
	settled(t, b, messages.ConsumerExtractor)
	r.stop(t)

	kinds := map[string]trace.SpanKind{}
	for _, s := range spans.GetSpans() {
		kinds[s.Name] = s.SpanKind
		if s.Name == "batch extractor" && len(s.Links) == 1 {
			kinds["linked batch"] = s.SpanKind
		}
		if s.Name == "process extractor" && len(s.Links) == 1 && s.SpanContext.TraceID() == root.SpanContext().TraceID() {
			kinds["message of a batch, in its own trace"] = s.SpanKind
		}
	}
	if kinds["publish raw"] != trace.SpanKindProducer || kinds["process extractor"] != trace.SpanKindConsumer || kinds["linked batch"] != trace.SpanKindConsumer ||
		kinds["message of a batch, in its own trace"] != trace.SpanKindConsumer {
		t.Errorf("spans %v", kinds)
	}
}

func TestMetricsAreAllDescribed(t *testing.T) {
	t.Parallel()
	var meter readings
	b := readyWith(t, SetupOptions{AckWait: time.Second}, Options{Meter: &meter})
	publish(t, b, 1)
	consume(t, b, ConsumeOptions{Handle: func(context.Context, messages.Delivery) error { return nil }})
	settled(t, b, messages.ConsumerExtractor)
	meter.mu.Lock()
	defer meter.mu.Unlock()
	for name := range meter.used {
		if Metrics()[name] == "" {
			t.Errorf("%s has no help", name)
		}
	}
	if len(meter.used) < 5 {
		t.Errorf("only %v were measured", meter.used)
	}
}
