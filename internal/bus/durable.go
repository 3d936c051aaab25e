package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Durable is a consumer that its user makes, beside those of Setup.
type Durable struct {
	// Consumer is its name: messages.ConsumerForward and a subject token, or a constant for a reindex.
	Consumer string
	// Subjects are what it wants of its stream. They may change later; where it began may not.
	Subjects []string
	// Since is when it begins: zero is at the beginning of the stream.
	Since time.Time
	// AckWait is how soon a dead worker's message goes to another; default 30 s.
	AckWait time.Duration
}

// MakeDurable makes the consumer, or gives one that exists its subjects. It reports whether it was made.
func (b *Bus) MakeDurable(ctx context.Context, d Durable) (made bool, err error) {
	stream := streamOf(d.Consumer)
	if stream == "" || len(d.Subjects) == 0 {
		return false, fmt.Errorf("durable consumer %q: it has no stream or no subjects", d.Consumer)
	}
	have, err := b.js.Consumer(ctx, stream, d.Consumer)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		_, err = b.js.CreateConsumer(ctx, stream, d.config())
		made = err == nil
	} else if err == nil && !slices.Equal(have.CachedInfo().Config.FilterSubjects, d.Subjects) {
		config := have.CachedInfo().Config
		config.FilterSubject, config.FilterSubjects = "", d.Subjects
		_, err = b.js.UpdateConsumer(ctx, stream, config)
	}
	if err != nil {
		return false, missing(fmt.Sprintf("consumer %s on stream %s", d.Consumer, stream), err)
	}
	return made, nil
}

func (d Durable) config() jetstream.ConsumerConfig {
	c := jetstream.ConsumerConfig{
		Durable: d.Consumer, AckPolicy: jetstream.AckExplicitPolicy, DeliverPolicy: jetstream.DeliverAllPolicy,
		AckWait: cmp.Or(d.AckWait, 30*time.Second), MaxDeliver: -1, MaxAckPending: maxAckPending, FilterSubjects: d.Subjects,
	}
	if !d.Since.IsZero() {
		c.DeliverPolicy, c.OptStartTime = jetstream.DeliverByStartTimePolicy, &d.Since
	}
	return c
}

// RemoveDurable removes a consumer that MakeDurable made. One that is not there is no error.
func (b *Bus) RemoveDurable(ctx context.Context, consumer string) error {
	err := b.js.DeleteConsumer(ctx, streamOf(consumer), consumer)
	if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return fmt.Errorf("remove consumer %s: %w", consumer, err)
	}
	return nil
}
