package bus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Backlog is what a consumer has not finished.
type Backlog struct {
	// Pending counts messages not yet delivered, AckPending those delivered and not settled.
	Pending    uint64
	AckPending int
	// Bytes estimates the size of both (their number times the stream's mean); MaxBytes is the stream's limit, 0 when
	// it has none.
	Bytes, MaxBytes uint64
	// Oldest is the age of the oldest of them; MaxAge the stream's limit as configured, 0 when it has none.
	Oldest, MaxAge time.Duration
	// Untouched is the age of the oldest that was not delivered to anybody yet, 0 when there is none: how far the workers
	// are behind. A single message that keeps failing makes Oldest grow, and not Untouched.
	Untouched time.Duration
	// Extended is the max age in force while KeepUnread extended it, else 0.
	Extended time.Duration
}

// Late reports whether a message waits for longer than half of the configured max age: time to alarm.
func (l Backlog) Late() bool { return l.MaxAge > 0 && l.Oldest > l.MaxAge/2 }

// Backlog asks the server for the backlog of a consumer (a messages.Consumer constant). It blocks for five seconds at
// most.
func (b *Bus) Backlog(ctx context.Context, consumer string) (Backlog, error) {
	l, _, err := b.backlog(ctx, consumer)
	return l, err
}

// KeepUnread is Backlog, and extends the max age of the consumer's stream before it removes messages nobody has
// finished: it doubles it as soon as one is past half of it, and takes that back once the oldest is younger than a
// quarter of what is configured. Call it more often than that, every minute say.
func (b *Bus) KeepUnread(ctx context.Context, consumer string) (Backlog, error) {
	l, config, err := b.backlog(ctx, consumer)
	if err != nil || l.MaxAge == 0 {
		return l, err
	}
	b.meter.Add("tocsin_bus_max_age_extended_total", 0, "stream", config.Name)
	switch {
	case l.Oldest > config.MaxAge/2:
		config.MaxAge *= 2
		if config.Metadata == nil {
			config.Metadata = map[string]string{}
		}
		config.Metadata[baseAge] = strconv.FormatInt(int64(l.MaxAge), 10)
		l.Extended = config.MaxAge
		b.meter.Add("tocsin_bus_max_age_extended_total", 1, "stream", config.Name)
	case l.Extended > 0 && l.Oldest < l.MaxAge/4:
		config.MaxAge = l.MaxAge
		delete(config.Metadata, baseAge)
		l.Extended = 0
	default:
		return l, nil
	}
	if _, err := b.js.UpdateStream(ctx, config); err != nil {
		return l, fmt.Errorf("set the max age of stream %s to %v: %w", config.Name, config.MaxAge, err)
	}
	b.log.Warn("max age changed for unread messages", "stream", config.Name, "max_age", config.MaxAge.String(), "oldest", l.Oldest.String())
	return l, nil
}

func (b *Bus) backlog(ctx context.Context, consumer string) (Backlog, jetstream.StreamConfig, error) {
	name := streamOf(consumer)
	if name == "" {
		return Backlog{}, jetstream.StreamConfig{}, fmt.Errorf("backlog: there is no consumer %q", consumer)
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout) // a cluster without a leader answers nothing at all
	defer cancel()
	stream, err := b.js.Stream(ctx, name)
	if err != nil {
		return Backlog{}, jetstream.StreamConfig{}, missing("stream "+name, err)
	}
	cons, err := stream.Consumer(ctx, consumer)
	if err != nil {
		return Backlog{}, jetstream.StreamConfig{}, missing(fmt.Sprintf("consumer %s on stream %s", consumer, name), err)
	}
	info, state, config := cons.CachedInfo(), stream.CachedInfo().State, stream.CachedInfo().Config
	l := Backlog{Pending: info.NumPending, AckPending: info.NumAckPending}
	l.MaxAge, _ = extension(config)
	if config.MaxAge != l.MaxAge {
		l.Extended = config.MaxAge
	}
	if config.MaxBytes > 0 {
		l.MaxBytes = uint64(config.MaxBytes)
	}
	waiting := l.Pending + uint64(l.AckPending) //nolint:gosec // a count
	if waiting == 0 || state.Msgs == 0 {
		return l, config, nil
	}
	l.Bytes = waiting * (state.Bytes / state.Msgs)
	if l.Oldest, err = oldest(ctx, stream, info, info.AckFloor.Stream+1); err == nil && l.Pending > 0 {
		l.Untouched, err = oldest(ctx, stream, info, info.Delivered.Stream+1)
	}
	return l, config, err
}

// oldest is the age of the consumer's first message from a sequence on.
func oldest(ctx context.Context, stream jetstream.Stream, info *jetstream.ConsumerInfo, from uint64) (time.Duration, error) {
	filter := info.Config.FilterSubject
	if filter == "" {
		filter = ">"
	}
	m, err := stream.GetMsg(ctx, from, jetstream.WithGetMsgSubject(filter))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at the oldest message of %s: %w", info.Name, err)
	}
	return max(time.Since(m.Time), 0), nil
}
