package bus

import (
	"context"
	"errors"

	"tocsin/pkg/messages"
)

// Publish sends m and waits for its stream to acknowledge it.
func (b *Bus) Publish(ctx context.Context, m messages.Outgoing) error { return errors.ErrUnsupported }

// PublishAll sends all of ms without waiting in between and returns one error per message, nil where acknowledged.
func (b *Bus) PublishAll(ctx context.Context, ms []messages.Outgoing) []error { return nil }

// MaxPayload is the largest message in bytes, headers included, that the connected server takes.
func (b *Bus) MaxPayload() int64 { return 0 }
