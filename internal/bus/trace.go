package bus

import (
	"cmp"
	"context"
	"errors"

	"github.com/nats-io/nats.go"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"tocsin/pkg/messages"
)

// carrier lets trace context travel in message headers. Their names are case-sensitive on the wire, and W3C's are lower
// case, as the propagator gives them; nats.Header leaves them so.
type carrier nats.Header

// Get implements propagation.TextMapCarrier.
func (c carrier) Get(key string) string { return nats.Header(c).Get(key) }

// Set implements propagation.TextMapCarrier.
func (c carrier) Set(key, value string) { nats.Header(c).Set(key, value) }

// Keys implements propagation.TextMapCarrier.
func (c carrier) Keys() []string {
	keys := make([]string, 0, len(c))
	for k := range c {
		keys = append(keys, k)
	}
	return keys
}

var _ propagation.TextMapCarrier = carrier(nil)

// tracer is the global one, so that tracing is off unless main turned it on.
func tracer() trace.Tracer { return otel.Tracer("tocsin/internal/bus") }

// startPublish opens the span of one publish and writes its context into the message.
func startPublish(ctx context.Context, m *nats.Msg) (context.Context, trace.Span) {
	ctx, span := tracer().Start(ctx, "publish "+firstToken(m.Subject), trace.WithSpanKind(trace.SpanKindProducer),
		trace.WithAttributes(attribute.String("messaging.system", "nats"), attribute.String("messaging.destination.name", m.Subject)))
	otel.GetTextMapPropagator().Inject(ctx, carrier(m.Header))
	return ctx, span
}

// startHandle opens the span of handling one message, a child of the span that published it.
func startHandle(ctx context.Context, consumer string, d messages.Delivery) (context.Context, trace.Span) {
	ctx = otel.GetTextMapPropagator().Extract(ctx, propagation.MapCarrier(d.Header))
	return tracer().Start(ctx, "process "+consumer, trace.WithSpanKind(trace.SpanKindConsumer), handleAttributes(consumer, 1))
}

// batchSpans are the span of handling a batch and one for each of its messages.
type batchSpans struct {
	whole trace.Span
	each  []trace.Span
}

// startBatch opens the span of handling a batch, linked to the spans that published its messages, and one for each message:
// a child of the span that published it, linked to the batch's, so that the trace of a message goes on.
func startBatch(ctx context.Context, consumer string, ds []messages.Delivery) (context.Context, batchSpans) {
	var links []trace.Link
	origins := make([]context.Context, len(ds))
	for i, d := range ds {
		origins[i] = otel.GetTextMapPropagator().Extract(ctx, propagation.MapCarrier(d.Header))
		if from := trace.SpanContextFromContext(origins[i]); from.IsValid() {
			links = append(links, trace.Link{SpanContext: from})
		}
	}
	ctx, whole := tracer().Start(ctx, "batch "+consumer, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithLinks(links...), handleAttributes(consumer, len(ds)))
	spans := batchSpans{whole, make([]trace.Span, len(ds))}
	for i, origin := range origins {
		_, spans.each[i] = tracer().Start(origin, "process "+consumer, trace.WithSpanKind(trace.SpanKindConsumer),
			trace.WithLinks(trace.Link{SpanContext: whole.SpanContext()}), handleAttributes(consumer, 1))
	}
	return ctx, spans
}

// end closes the spans: each message's with its own error, or with what became of the whole batch.
func (s batchSpans) end(failed error, errs []error) {
	for i, span := range s.each {
		if failed != nil {
			endSpan(span, failed)
			continue
		}
		endSpan(span, errs[i])
	}
	endSpan(s.whole, cmp.Or(failed, errors.Join(errs...)))
}

func handleAttributes(consumer string, n int) trace.SpanStartEventOption {
	return trace.WithAttributes(attribute.String("messaging.system", "nats"),
		attribute.String("messaging.consumer.group.name", consumer), attribute.Int("messaging.batch.message_count", n))
}

// endSpan closes a span with the error the work returned, if any.
func endSpan(span trace.Span, err error) {
	if err != nil {
		span.RecordError(err)
		span.SetStatus(codes.Error, err.Error())
	}
	span.End()
}
