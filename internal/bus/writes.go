package bus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tocsin/internal/retry"
)

// Times of trouble with writes.
const (
	// writeAgain is when a message is worth another delivery after a stream did not take what was made from it.
	writeAgain = 5 * time.Second
	// writePause is how long nothing is fetched after a write that failed: whatever would be made from it had no place.
	writePause = 3 * time.Second
	// writeMemory is how long a failed write that nobody repeats is told by Ready.
	writeMemory = time.Minute
)

// writes remembers whether the streams take what is written.
type writes struct {
	mu     sync.Mutex
	failed time.Time // of the last write, when it failed
	why    error
}

// wrote notes how a write went and returns its error, which says when it is worth another try if the streams are to blame.
func (b *Bus) wrote(err error) error {
	if err != nil {
		b.meter.Add("tocsin_bus_write_errors_total", 1, "reason", writeError(err))
	}
	b.writes.mu.Lock()
	defer b.writes.mu.Unlock()
	switch {
	case err == nil:
		b.writes.why = nil
	case unanswered(err):
		b.writes.failed, b.writes.why = time.Now(), err
	}
	return later(err)
}

// writeError is the reason that a failed write is counted by, one of writeErrors.
func writeError(err error) string {
	if _, ok := errors.AsType[*jetstream.APIError](err); ok {
		return "refused"
	}
	switch {
	case errors.Is(err, ErrTooLarge) || errors.Is(err, nats.ErrMaxPayload):
		return "too_large"
	case unanswered(err):
		return "unanswered"
	case errors.Is(err, context.Canceled):
		return "stopped"
	}
	return "other"
}

// later adds to an error that the server is to blame for when it is worth another try.
func later(err error) error {
	if unanswered(err) {
		return retry.After(writeAgain, err)
	}
	return err
}

// unanswered reports whether a request failed for nothing about itself: the server did not answer in time, nobody was
// there, or it said that it cannot at present.
func unanswered(err error) bool {
	if api, ok := errors.AsType[*jetstream.APIError](err); ok {
		return api.Code == http.StatusServiceUnavailable
	}
	for _, silence := range []error{
		errNotConnected, context.DeadlineExceeded, nats.ErrTimeout, nats.ErrDisconnected, nats.ErrConnectionClosed,
		nats.ErrNoResponders, jetstream.ErrNoStreamResponse,
	} {
		if errors.Is(err, silence) {
			return true
		}
	}
	return false
}

// refusal returns why the last write failed, if that was less than within ago.
func (w *writes) refusal(within time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.why == nil || time.Since(w.failed) > within {
		return nil
	}
	return fmt.Errorf("the streams take no writes; see the disk and the log of the NATS server: %w", w.why)
}
