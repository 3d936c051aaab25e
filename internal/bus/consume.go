package bus

import (
	"context"
	"errors"
	"time"

	"tocsin/pkg/messages"
)

// ConsumeOptions says what to consume and how.
type ConsumeOptions struct {
	// Consumer is a messages.Consumer constant; Stage names dead letters, default the consumer's name.
	Consumer, Stage string
	// Concurrency is how many handlers run at once, default 4.
	Concurrency int
	// Drain is how long handlers in flight may go on after ctx is done before their own context is cancelled;
	// default 20 s.
	Drain time.Duration
	// Gate, when not nil, is asked before fetching; while it returns an error nothing is fetched and Ready says so.
	Gate func(ctx context.Context) error
	// Handle does the work; its error decides what becomes of the message (see internal/retry).
	Handle func(ctx context.Context, d messages.Delivery) error
}

// Consume hands messages to o.Handle until ctx is done and what was in flight is settled.
func (b *Bus) Consume(ctx context.Context, o ConsumeOptions) error { return errors.ErrUnsupported }
