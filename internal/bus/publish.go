package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/trace"

	"tocsin/pkg/messages"
)

// ErrTooLarge says that a message would pass the server's max_payload.
var ErrTooLarge = errors.New("message too large")

// Patience of a publish.
const (
	publishPatience = 30 * time.Second
	publishAttempt  = 10 * time.Second
	publishPause    = 100 * time.Millisecond
	publishEach     = 10 * time.Millisecond // more for each message of PublishAll
	// electionTries is how often nobody may answer, half a second each: a stream without a leader is silent for a
	// moment, and one that does not exist for ever.
	electionTries = 4
	// connectedEvery is how often a lost connection is looked at by whoever waits for it.
	connectedEvery = 20 * time.Millisecond
	// pipeline is how many messages PublishAll has on their way at once.
	pipeline = 256
)

// Publish sends m and returns nil once its stream acknowledged it, whether it was stored or known already by its id. It
// blocks for a round trip, and while NATS is away until it is back, some thirty seconds at most or until ctx is done.
//
// An error leaves open whether the message is stored; sending it again with the same id is safe, and an error that the
// streams are to blame for says when (see retry.After). A message past MaxPayload fails with ErrTooLarge before it is sent.
func (b *Bus) Publish(ctx context.Context, m messages.Outgoing) error {
	start := time.Now()
	f := b.launch(ctx, m)
	patience := time.NewTimer(publishAttempt)
	defer patience.Stop()
	err := b.land(ctx, &f, patience.C)
	if err == nil {
		b.meter.Observe("tocsin_bus_publish_seconds", time.Since(start).Seconds(), "stream", firstToken(m.Subject))
	}
	return err
}

// PublishAll sends all of ms, in order, without waiting in between, and returns one error per message in their order,
// nil where acknowledged. What fails on the way is sent once more where an id lets the stream know it again, which may
// change the order.
func (b *Bus) PublishAll(ctx context.Context, ms []messages.Outgoing) []error {
	ctx, cancel := context.WithTimeout(ctx, publishPatience+time.Duration(len(ms))*publishEach)
	defer cancel()
	errs := make([]error, len(ms))
	flights := make([]flight, len(ms))
	for i, m := range ms {
		flights[i] = b.launch(ctx, m)
		if i >= pipeline {
			errs[i-pipeline] = b.land(ctx, &flights[i-pipeline], nil)
		}
	}
	for i := max(0, len(ms)-pipeline); i < len(ms); i++ {
		errs[i] = b.land(ctx, &flights[i], nil)
	}
	return errs
}

// MaxPayload is the largest message in bytes, headers included, that the connected server takes.
func (b *Bus) MaxPayload() int64 { return b.nc.MaxPayload() }

// flight is a message on its way; ack is nil when it did not get off the ground.
type flight struct {
	msg  *nats.Msg
	span trace.Span
	ack  jetstream.PubAckFuture
	lost <-chan struct{} // closed when the connection it went over is lost
	err  error           // final: not worth another try
}

// launch sends m without waiting. Without a connection nothing is sent, as it would lie in a buffer that outlives the
// request.
func (b *Bus) launch(ctx context.Context, m messages.Outgoing) flight {
	msg, err := b.outgoing(m)
	if err != nil {
		return flight{msg: &nats.Msg{Subject: m.Subject}, err: err}
	}
	_, span := startPublish(ctx, msg)
	f := flight{msg: msg, span: span, lost: b.linkLost()}
	if !b.nc.IsConnected() {
		return f
	}
	if ack, err := b.js.PublishMsgAsync(msg, jetstream.WithStallWait(publishAttempt)); err == nil {
		f.ack = ack
	}
	return f
}

// land waits for the acknowledgement, until patience is over when there is one, and sends once more what may be sent
// again.
func (b *Bus) land(ctx context.Context, f *flight, patience <-chan time.Time) error {
	if f.err != nil {
		return b.countPublish(f.msg.Subject, f.err)
	}
	err := f.wait(ctx, patience)
	again := f.ack == nil || f.msg.Header.Get(messages.HeaderMsgID) != ""
	if err != nil && again && ctx.Err() == nil && final(err) == nil {
		err = b.send(ctx, f.msg)
	}
	err = explainPublish(f.msg.Subject, err)
	endSpan(f.span, err)
	return b.countPublish(f.msg.Subject, err)
}

func (f *flight) wait(ctx context.Context, patience <-chan time.Time) error {
	if f.ack == nil {
		return nats.ErrTimeout
	}
	select {
	case <-f.ack.Ok():
		return nil
	case err := <-f.ack.Err():
		return err
	case <-f.lost:
		return nats.ErrDisconnected
	case <-patience:
		return nats.ErrTimeout
	case <-ctx.Done():
		return ctx.Err()
	}
}

// send publishes msg, again after a lost answer when it has an id to be known by, for as long as publishPatience.
func (b *Bus) send(ctx context.Context, msg *nats.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, publishPatience)
	defer cancel()
	for try := 1; ; try++ {
		err := b.sendOnce(ctx, msg)
		if err == nil {
			return nil
		}
		unheard := errors.Is(err, jetstream.ErrNoStreamResponse) && try == electionTries
		if final(err) != nil || unheard || msg.Header.Get(messages.HeaderMsgID) == "" || pause(ctx, publishPause) != nil {
			return err
		}
	}
}

// sendOnce waits for the connection, so that nothing is sent into a buffer that outlives the request, and gives up when
// it is lost before the answer.
func (b *Bus) sendOnce(ctx context.Context, msg *nats.Msg) error {
	if err := b.await(ctx); err != nil {
		return err
	}
	ctx, cancel := b.linked(ctx)
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, publishAttempt)
	defer stop()
	_, err := b.js.PublishMsg(ctx, msg)
	return err
}

// await blocks until the connection stands.
func (b *Bus) await(ctx context.Context) error {
	for !b.nc.IsConnected() {
		if b.nc.IsClosed() {
			return nats.ErrConnectionClosed
		}
		if err := pause(ctx, connectedEvery); err != nil {
			return fmt.Errorf("%w: %w", errNotConnected, err)
		}
	}
	return nil
}

// final returns err when the server understood and said no.
func final(err error) error {
	if _, ok := errors.AsType[*jetstream.APIError](err); ok {
		return err
	}
	if errors.Is(err, nats.ErrConnectionClosed) || errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, ErrTooLarge) {
		return err
	}
	return nil
}

func explainPublish(subject string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jetstream.ErrNoStreamResponse):
		return fmt.Errorf("publish to %s: no stream takes it (run `tocsin setup`, or wait for the stream's leader): %w", subject, err)
	}
	return fmt.Errorf("publish to %s: %w", subject, err)
}

func (b *Bus) countPublish(subject string, err error) error {
	if err = b.wrote(err); err != nil {
		return err
	}
	b.meter.Add("tocsin_bus_published_total", 1, "stream", firstToken(subject))
	return nil
}

// outgoing is m as it goes over the wire.
func (b *Bus) outgoing(m messages.Outgoing) (*nats.Msg, error) {
	if m.Subject == "" || strings.ContainsAny(m.Subject, " \t\r\n*>") {
		return nil, fmt.Errorf("publish: %q is not a subject", m.Subject)
	}
	msg := &nats.Msg{Subject: m.Subject, Data: m.Data, Header: nats.Header{}}
	for k, v := range m.Header {
		msg.Header.Set(k, headerValue(v))
	}
	if m.ID != "" {
		msg.Header.Set(messages.HeaderMsgID, m.ID)
	}
	if m.Replay > 0 {
		msg.Header.Set(messages.HeaderReplay, strconv.Itoa(m.Replay))
	}
	if size, limit := wireSize(msg), b.MaxPayload(); size > limit {
		return nil, fmt.Errorf("publish to %s: %w: %d bytes with its headers, and the server takes %d; store the body as an object and name it in the message, or raise max_payload", m.Subject, ErrTooLarge, size, limit)
	}
	return msg, nil
}

// traceRoom is what the trace context may add to the headers (traceparent and a tracestate of the size W3C asks for).
const traceRoom = 640

// wireSize is what counts against max_payload: headers and body.
func wireSize(m *nats.Msg) int64 {
	return int64(m.Size()-len(m.Subject)) + traceRoom
}

// headerValue is v on one line; a header cannot hold more.
func headerValue(v string) string {
	return strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' {
			return ' '
		}
		return r
	}, v)
}

// firstToken names a subject in metrics and spans, where the whole would be too many.
func firstToken(subject string) string {
	first, _, _ := strings.Cut(subject, ".")
	return cmp.Or(first, "none")
}
