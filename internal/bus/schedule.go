package bus

import (
	"context"
	"errors"
	"time"
)

// Schedule makes the due poll of feed arrive at the fetchers at (or up to a second after) that time, replacing an
// earlier schedule of the same feed. A time in the past: at once.
func (b *Bus) Schedule(ctx context.Context, feed string, at time.Time) error {
	return errors.ErrUnsupported
}

// Unschedule removes the pending schedule of feed and a due poll nobody took yet; none is no error.
func (b *Bus) Unschedule(ctx context.Context, feed string) error { return errors.ErrUnsupported }
