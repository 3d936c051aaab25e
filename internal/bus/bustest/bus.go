package bustest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tocsin/pkg/messages"
)

// Bus is the in-memory stand-in of bus.Bus: what a core publishes is kept to be looked at, schedules fire on the
// virtual clock, buckets and object stores are there as soon as they are named.
type Bus struct {
	clock *Clock

	mu        sync.Mutex
	max       int
	fail      func(m messages.Outgoing) error
	known     map[string]bool // stream and message id
	published []messages.Delivery
	sequence  map[string]uint64 // by stream
	schedules map[string]schedule
	due       []messages.Delivery
	stores    map[string]*Store
	objects   map[string]*Objects
}

type schedule struct {
	feed string
	at   time.Time
}

// ErrTooLarge is what a message past the limit gets, as bus.ErrTooLarge is.
var ErrTooLarge = errors.New("message too large")

// maxPayload is that of a NATS server as it comes.
const maxPayload = 1 << 20

// New returns an empty Bus on clock.
func New(clock *Clock) *Bus {
	return &Bus{
		clock: clock, max: maxPayload, known: map[string]bool{}, sequence: map[string]uint64{},
		schedules: map[string]schedule{}, stores: map[string]*Store{}, objects: map[string]*Objects{},
	}
}

// Fail makes Publish ask f first: an error of f is the answer, and nothing is stored. nil ends that.
func (b *Bus) Fail(f func(m messages.Outgoing) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail = f
}

// Publish stores m, unless its stream knows its id already.
func (b *Bus) Publish(ctx context.Context, m messages.Outgoing) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		if err := b.fail(m); err != nil {
			return err
		}
	}
	stream, ok := streamOf(m.Subject)
	if !ok {
		return fmt.Errorf("publish to %q: no stream takes it", m.Subject)
	}
	if len(m.Data) >= b.max {
		return fmt.Errorf("publish to %s: %w: %d bytes", m.Subject, ErrTooLarge, len(m.Data))
	}
	if key := stream + " " + m.ID; m.ID != "" {
		if b.known[key] {
			return nil
		}
		b.known[key] = true
	}
	b.published = append(b.published, b.store(stream, m))
	return nil
}

// PublishAll publishes all of ms in order and returns one error per message.
func (b *Bus) PublishAll(ctx context.Context, ms []messages.Outgoing) []error {
	errs := make([]error, len(ms))
	for i, m := range ms {
		errs[i] = b.Publish(ctx, m)
	}
	return errs
}

// PublishTogether publishes all of ms in order, up to the first that fails.
func (b *Bus) PublishTogether(ctx context.Context, ms []messages.Outgoing) error {
	for _, m := range ms {
		if err := b.Publish(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// MaxPayload is the largest message in bytes.
func (b *Bus) MaxPayload() int64 { return int64(b.max) }

// store makes the delivery a consumer of the stream would see.
func (b *Bus) store(stream string, m messages.Outgoing) messages.Delivery {
	b.sequence[stream]++
	h := maps.Clone(m.Header)
	if h == nil {
		h = map[string]string{}
	}
	if m.ID != "" {
		h[messages.HeaderMsgID] = m.ID
	}
	if m.Replay > 0 {
		h[messages.HeaderReplay] = fmt.Sprint(m.Replay)
	}
	return messages.Delivery{
		Subject: m.Subject, Data: slices.Clone(m.Data), Header: h, Stream: stream, Sequence: b.sequence[stream],
		Time: b.clock.Now(), Delivered: 1, Replay: m.Replay,
	}
}

// Published returns what was stored on subjects that begin with prefix, in order, as a consumer would see it first.
func (b *Bus) Published(prefix string) []messages.Delivery {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []messages.Delivery
	for _, d := range b.published {
		if strings.HasPrefix(d.Subject, prefix) {
			out = append(out, d)
		}
	}
	return out
}

// streamOf says which stream takes a subject.
func streamOf(subject string) (string, bool) {
	first, rest, _ := strings.Cut(subject, ".")
	if rest == "" || strings.ContainsAny(subject, " \t\r\n*>") {
		return "", false
	}
	stream, ok := map[string]string{
		"raw": messages.StreamRaw, "enriched": messages.StreamEnriched, "alerts": messages.StreamAlerts,
		"alert-updates": messages.StreamAlerts, "feeds": messages.StreamEvents, "dlq": messages.StreamDLQ, "polls": messages.StreamPolls,
		"near": messages.StreamNear,
	}[first]
	return stream, ok
}
