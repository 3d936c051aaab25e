package bus

import (
	"context"
	"errors"
	"time"

	"tocsin/pkg/messages"
)

// FollowOptions says what to read. Following leaves no trace on the server and takes nothing from any consumer.
type FollowOptions struct {
	// Stream is a messages.Stream constant; Subjects filters it, default all.
	Stream   string
	Subjects []string
	// Since skips what was stored before; the zero time means from the beginning, New means only what comes.
	Since time.Time
	New   bool
	// Once returns when all that was there at the start has been told, instead of waiting for more.
	Once bool
}

// Follow calls each with every message, in stream order, until ctx is done (nil), each returns an error, or, with Once,
// the end is reached.
func (b *Bus) Follow(ctx context.Context, o FollowOptions, each func(messages.Delivery) error) error {
	return errors.ErrUnsupported
}
