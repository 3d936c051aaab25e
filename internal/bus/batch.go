package bus

import (
	"context"
	"errors"
	"time"

	"tocsin/pkg/messages"
)

// BatchOptions says what to consume in batches and how.
type BatchOptions struct {
	// Consumer is a messages.Consumer constant; Stage names dead letters, default the consumer's name.
	Consumer, Stage string
	// Max is the most messages in a batch, default 500. MaxBytes bounds their payloads, default 6 MiB.
	Max, MaxBytes int
	// Wait is how long a batch may gather, default 500 ms.
	Wait time.Duration
	// Workers is how many batches are handled at once, default 1.
	Workers int
	// Drain is how long handlers in flight may go on after ctx is done; default 20 s.
	Drain time.Duration
	// Gate, when not nil, is asked before fetching; while it returns an error nothing is fetched and Ready says so.
	Gate func(ctx context.Context) error
	// Handle returns one error per delivery, in their order.
	Handle func(ctx context.Context, ds []messages.Delivery) []error
}

// ConsumeBatch hands batches to o.Handle until ctx is done and what was in flight is settled.
func (b *Bus) ConsumeBatch(ctx context.Context, o BatchOptions) error { return errors.ErrUnsupported }
