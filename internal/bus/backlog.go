package bus

import (
	"context"
	"errors"
	"time"
)

// Backlog is what a consumer has not finished.
type Backlog struct {
	// Pending counts messages not yet delivered, AckPending those delivered and not settled.
	Pending    uint64
	AckPending int
	// Bytes estimates the size of both (their number times the stream's mean); MaxBytes is the stream's limit, 0 when
	// it has none.
	Bytes, MaxBytes uint64
	// Oldest is the age of the oldest of them; MaxAge the stream's limit, 0 when it has none.
	Oldest, MaxAge time.Duration
}

// Backlog asks the server for the backlog of a consumer (a messages.Consumer constant).
func (b *Bus) Backlog(ctx context.Context, consumer string) (Backlog, error) {
	return Backlog{}, errors.ErrUnsupported
}

// KeepUnread extends the max age of a consumer's stream when its oldest unfinished message is past half of it, and
// takes the extension back once the backlog is gone. Callers alarm when Oldest > MaxAge/2 in what it returns.
func (b *Bus) KeepUnread(ctx context.Context, consumer string) (Backlog, error) {
	return Backlog{}, errors.ErrUnsupported
}
