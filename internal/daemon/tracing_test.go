package daemon

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

func TestTracingIsOffWithoutAnEndpointYetHandsTheContextOn(t *testing.T) {
	stop, err := Tracing(t.Context(), "test", "1", Collector{})
	if err != nil {
		t.Fatal(err)
	}
	at := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, Remote: true})
	header := propagation.MapCarrier{}
	otel.GetTextMapPropagator().Inject(trace.ContextWithSpanContext(t.Context(), at), header)
	if !strings.Contains(header["traceparent"], at.TraceID().String()) {
		t.Errorf("headers %v", header)
	}
	if err := stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTracingRefusesWhatIsNoAddress(t *testing.T) {
	for _, endpoint := range []string{"localhost:4318", "://", "ftp://host"} {
		if _, err := Tracing(t.Context(), "test", "1", Collector{URL: endpoint}); err == nil || !strings.Contains(err.Error(), "want the http or https address") {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
}

func TestSpansTravelToTheCollectorBeforeTheProcessEnds(t *testing.T) {
	paths := make(chan string, 8)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { paths <- r.URL.Path }))
	defer collector.Close()
	before := otel.GetTracerProvider()
	defer otel.SetTracerProvider(before)

	stop, err := Tracing(t.Context(), "test", "1", Collector{URL: collector.URL})
	if err != nil {
		t.Fatal(err)
	}
	_, span := otel.Tracer("test").Start(context.Background(), "handle")
	span.End()
	if err := stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := <-paths; got != "/v1/traces" {
		t.Errorf("spans went to %s", got)
	}
}

// TestASamplerChoosesTraces: with a ratio of 0 nothing new is traced, and what another process chose still is.
func TestASamplerChoosesTraces(t *testing.T) {
	t.Setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
	t.Setenv("OTEL_TRACES_SAMPLER_ARG", "0")
	before := otel.GetTracerProvider()
	defer otel.SetTracerProvider(before)
	stop, err := Tracing(t.Context(), "test", "1", Collector{URL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	_, own := otel.Tracer("test").Start(t.Context(), "poll")
	chosen := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled, Remote: true})
	_, child := otel.Tracer("test").Start(trace.ContextWithSpanContext(t.Context(), chosen), "handle")
	if own.SpanContext().IsSampled() || !child.SpanContext().IsSampled() {
		t.Errorf("a new trace is recorded: %v; one that was chosen upstream: %v", own.SpanContext().IsSampled(), child.SpanContext().IsSampled())
	}
	if err := stop(t.Context()); err != nil {
		t.Error(err)
	}
}
