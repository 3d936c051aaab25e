package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"tocsin/pkg/messages"
)

// TestWriteErrorsAreCountedByReason: what a failed write is counted as, and that every reason is there before the first.
func TestWriteErrorsAreCountedByReason(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		sentence string
		err      error
		want     string
	}{
		{"a full disk is a refusal", fmt.Errorf("publish: %w", &jetstream.APIError{Code: 503, ErrorCode: 10077}), "refused"},
		{"so is a stream that is full", &jetstream.APIError{Code: 400, ErrorCode: 10054}, "refused"},
		{"no answer in time", nats.ErrTimeout, "unanswered"},
		{"no connection", errNotConnected, "unanswered"},
		{"nobody keeps the stream", jetstream.ErrNoStreamResponse, "unanswered"},
		{"a message over max_payload", fmt.Errorf("publish: %w", ErrTooLarge), "too_large"},
		{"this process stops", context.Canceled, "stopped"},
		{"anything else", errors.New("odd"), "other"},
	} {
		if got := writeError(row.err); got != row.want || !slices.Contains(writeErrors[:], got) {
			t.Errorf("%s: counted as %s; want %s", row.sentence, got, row.want)
		}
	}
	var meter readings
	b := readyWith(t, SetupOptions{}, Options{Meter: &meter})
	for _, reason := range writeErrors {
		if _, there := meter.sums["tocsin_bus_write_errors_total{reason,"+reason+"}"]; !there {
			t.Errorf("%s is not told as 0 from the start", reason)
		}
	}
	if err := b.Publish(deadline(t), messages.Outgoing{Subject: "raw.x", ID: "1", Data: make([]byte, b.MaxPayload())}); !errors.Is(err, ErrTooLarge) {
		t.Fatal(err)
	}
	if n := meter.sum("tocsin_bus_write_errors_total{reason,too_large}"); n != 1 {
		t.Errorf("%v messages counted as too large", n)
	}
}
