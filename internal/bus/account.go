package bus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tocsin/pkg/messages"
)

// ErrNoMessage says that a stream holds no message of that sequence (any more).
var ErrNoMessage = errors.New("no such message")

// Extent says what of a stream is still there.
type Extent struct {
	// Messages counts them. First is the sequence of the oldest, 1 more than Last in a stream that lost or never had
	// any; Last is the highest sequence ever given.
	Messages    uint64
	First, Last uint64
	// FirstTime is when the oldest message was stored; zero when there is none.
	FirstTime time.Time
	// MaxAge is the limit in force, extensions included; 0 when there is none.
	MaxAge time.Duration
	// Bytes is the size of all of them; MaxBytes the limit, 0 when there is none.
	Bytes, MaxBytes uint64
}

// Extent asks the server what of a stream (a messages.Stream constant) is still there.
func (b *Bus) Extent(ctx context.Context, stream string) (Extent, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return Extent{}, missing(fmt.Sprintf("stream %q", stream), err)
	}
	info := s.CachedInfo()
	x := Extent{
		Messages: info.State.Msgs, First: info.State.FirstSeq, Last: info.State.LastSeq,
		MaxAge: info.Config.MaxAge, Bytes: info.State.Bytes, MaxBytes: uint64(max(info.Config.MaxBytes, 0)), //nolint:gosec // not negative
	}
	if x.Messages > 0 {
		x.FirstTime = info.State.FirstTime
	}
	return x, nil
}

// Settled returns the stream sequence up to which a consumer (a messages.Consumer constant) has settled every message.
// What lies beyond may be waiting or in progress. It may be lower than the truth, never higher: messages are settled out
// of order, and after a crash the server may have forgotten the latest.
func (b *Bus) Settled(ctx context.Context, consumer string) (uint64, error) {
	stream := streamOf(consumer)
	if stream == "" {
		return 0, fmt.Errorf("settled: there is no consumer %q", consumer)
	}
	c, err := b.js.Consumer(ctx, stream, consumer)
	if err != nil {
		return 0, missing(fmt.Sprintf("consumer %s on stream %s", consumer, stream), err)
	}
	info := c.CachedInfo()
	if info.NumPending == 0 && info.NumAckPending == 0 {
		return max(info.Delivered.Stream, info.AckFloor.Stream), nil
	}
	return info.AckFloor.Stream, nil
}

// Message reads one message by its sequence. One that is not there is an error that errors.Is ErrNoMessage.
func (b *Bus) Message(ctx context.Context, stream string, sequence uint64) (messages.Delivery, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return messages.Delivery{}, missing(fmt.Sprintf("stream %q", stream), err)
	}
	m, err := s.GetMsg(ctx, sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		err = ErrNoMessage
	}
	if err != nil {
		return messages.Delivery{}, fmt.Errorf("message %d of stream %s: %w", sequence, stream, err)
	}
	d := messages.Delivery{Subject: m.Subject, Data: m.Data, Stream: stream, Sequence: m.Sequence, Time: m.Time, Delivered: 1, Header: map[string]string{}}
	for k := range m.Header {
		d.Header[k] = m.Header[k][0]
	}
	if n, err := strconv.Atoi(d.Header[messages.HeaderReplay]); err == nil && n > 0 {
		d.Replay = n
	}
	return d, nil
}

// Remove deletes one message from a stream; one that is not there is no error. Its bytes are not overwritten.
func (b *Bus) Remove(ctx context.Context, stream string, sequence uint64) error {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return missing(fmt.Sprintf("stream %q", stream), err)
	}
	deleting := s.DeleteMsg(ctx, sequence)
	if deleting == nil {
		return nil
	}
	if _, err := s.GetMsg(ctx, sequence); errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil // somebody else was first, which the library tells in words only
	}
	return fmt.Errorf("delete message %d of stream %s: %w", sequence, stream, deleting)
}
