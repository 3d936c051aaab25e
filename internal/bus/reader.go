package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Pace of a reader.
const (
	readAhead    = 256
	headersAhead = 8192 // of headers only, which are small: each fetch costs a round trip with nothing to do
	readBytes    = 8 << 20
	readWait     = 250 * time.Millisecond // first pause after trouble, doubling to gateAtMost
	readInactive = 5 * time.Minute        // then the server forgets a reader's consumer; it makes another
	loadPatience = time.Second            // with nothing coming, before the server is asked whether all was told
)

// reading says what a reader reads.
type reading struct {
	stream   string
	subjects []string
	policy   jetstream.DeliverPolicy
	since    time.Time // for DeliverByStartTimePolicy
	from     uint64    // for DeliverByStartSequencePolicy
	headers  bool      // leave the bodies out
}

// reader reads a stream in order, without a trace on the server, and goes on where it was after any trouble. The
// client library's ordered consumer does the same, but hides when it starts anew, and loses what came meanwhile when it
// had seen nothing yet.
type reader struct {
	b       *Bus
	what    reading
	cons    jetstream.Consumer
	last    uint64 // stream sequence of the last message told
	next    uint64 // consumer sequence the next message must have
	pending uint64 // messages after the last one, as last heard
	quiet   int    // fetches in a row that brought nothing
	loaded  bool
}

// errEnough ends a reader without an error.
var errEnough = errors.New("enough")

// read calls each with every message until ctx is done (nil) or each returns an error (nil for errEnough), and loaded
// once all that was there is told. A missing stream is an error that names the cure.
func (b *Bus) read(ctx context.Context, what reading, each func(jetstream.Msg, *jetstream.MsgMetadata) error, loaded func() error) error {
	r := &reader{b: b, what: what}
	defer r.drop()
	if err := r.open(ctx); err != nil {
		return missing("stream "+what.stream, err)
	}
	wait := readWait
	for ctx.Err() == nil {
		err := r.step(ctx, each, loaded)
		if err == nil {
			wait = readWait
			continue
		}
		if own, ok := errors.AsType[*callbackError](err); ok {
			return own.result()
		}
		if ctx.Err() != nil {
			break
		}
		b.log.Warn("reading a stream was interrupted; going on where it was", "stream", what.stream, "after", r.last, "error", err.Error())
		r.drop()
		_ = pause(ctx, wait)
		wait = min(2*wait, gateAtMost)
	}
	return nil
}

// callbackError is what the caller's function returned, told from the reader's own trouble.
type callbackError struct{ error }

func (c *callbackError) result() error {
	if errors.Is(c.error, errEnough) {
		return nil
	}
	return c.error
}

func called(err error) error {
	if err == nil {
		return nil
	}
	return &callbackError{err}
}

// step makes a consumer where there is none and runs one fetch.
func (r *reader) step(ctx context.Context, each func(jetstream.Msg, *jetstream.MsgMetadata) error, loaded func() error) error {
	if r.cons == nil {
		if err := r.open(ctx); err != nil {
			return err
		}
	}
	if err := r.tell(loaded); err != nil {
		return err
	}
	fctx, cancel := r.b.linked(ctx)
	defer cancel()
	limit := jetstream.FetchContext(fctx)
	if !r.loaded {
		limit = jetstream.FetchMaxWait(loadPatience)
	}
	ahead := readAhead
	if r.what.headers {
		ahead = headersAhead
	}
	batch, err := r.cons.Fetch(ahead, limit, jetstream.FetchMaxBytes(max(readBytes, 2*int(r.b.MaxPayload()))))
	if err != nil {
		return err
	}
	got := false
	for m := range batch.Messages() {
		got = true
		if err := r.hear(m, each); err != nil {
			return err
		}
		if err := r.tell(loaded); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if fctx.Err() != nil && ctx.Err() == nil {
		return errNotConnected
	}
	if err := fetchError(batch.Error()); err != nil {
		return err
	}
	return r.idle(ctx, got)
}

// hear checks that m is the next message and tells it.
func (r *reader) hear(m jetstream.Msg, each func(jetstream.Msg, *jetstream.MsgMetadata) error) error {
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	if meta.Sequence.Consumer != r.next {
		return fmt.Errorf("message %d is missing", r.next)
	}
	if err := called(each(m, meta)); err != nil {
		return err
	}
	r.next++
	r.last = meta.Sequence.Stream
	r.pending = meta.NumPending
	return nil
}

// tell says once that everything there was is told.
func (r *reader) tell(loaded func() error) error {
	if r.loaded || r.pending > 0 {
		return nil
	}
	r.loaded = true
	if loaded == nil {
		return nil
	}
	return called(loaded())
}

// idle looks again at what is pending when nothing comes: the count of a message may be behind the truth, since
// messages can be replaced or removed before they are read. What the server says is there and does not come is an error,
// and never taken for read: a right may be missing. A new consumer counts anew.
func (r *reader) idle(ctx context.Context, got bool) error {
	if got || r.loaded {
		r.quiet = 0
		return nil
	}
	info, err := r.cons.Info(ctx)
	if err != nil {
		return err
	}
	if info.NumPending == 0 {
		r.pending = 0
		return nil
	}
	if r.quiet++; r.quiet >= 3 {
		r.quiet = 0
		return fmt.Errorf("%d messages wait in stream %s and none comes; if this goes on, look at this user's rights in NATS", info.NumPending, r.what.stream)
	}
	return nil
}

// open makes an ephemeral consumer that starts after the last message told.
func (r *reader) open(ctx context.Context) error {
	c := jetstream.ConsumerConfig{
		AckPolicy: jetstream.AckNonePolicy, DeliverPolicy: r.what.policy, FilterSubjects: r.what.subjects,
		InactiveThreshold: readInactive, MemoryStorage: true, Replicas: 1, HeadersOnly: r.what.headers,
	}
	switch {
	case r.last > 0:
		c.DeliverPolicy, c.OptStartSeq = jetstream.DeliverByStartSequencePolicy, r.last+1
	case r.what.policy == jetstream.DeliverByStartSequencePolicy:
		c.OptStartSeq = r.what.from
	case r.what.policy == jetstream.DeliverByStartTimePolicy:
		c.OptStartTime = &r.what.since
	}
	cons, err := r.b.js.CreateOrUpdateConsumer(ctx, r.what.stream, c)
	if err != nil {
		return err
	}
	r.cons, r.next, r.pending = cons, 1, cons.CachedInfo().NumPending
	return nil
}

// drop removes the consumer; should that fail, the server does it later.
func (r *reader) drop() {
	if r.cons == nil || !r.b.nc.IsConnected() {
		r.cons = nil
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = r.b.js.DeleteConsumer(ctx, r.what.stream, r.cons.CachedInfo().Name)
	r.cons = nil
}
