package bus

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

func TestAckOnlyAfterTheHandlerIsDone(t *testing.T) {
	b := ready(t)
	publish(t, b, 20)
	var seen tally
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error {
		seen.add(d)
		return nil
	}})
	settled(t, b, messages.ConsumerExtractor)
	if seen.sum() != 20 {
		t.Errorf("handled %d of 20", seen.sum())
	}
	d := seen.last["m7"]
	if d.Stream != messages.StreamRaw || d.Sequence != 7 || d.Subject != "raw.test" || d.Delivered != 1 || time.Since(d.Time) > patience {
		t.Errorf("delivery is %+v", d)
	}
}

func TestPermanentFailureBecomesADeadLetter(t *testing.T) {
	b := ready(t)
	publish(t, b, 1)
	consume(t, b, ConsumeOptions{Stage: messages.StageExtractor, Handle: func(context.Context, messages.Delivery) error {
		return retry.Never("undecodable", errors.New("not JSON"))
	}})
	settled(t, b, messages.ConsumerExtractor)
	ds := letters(t, b)
	if len(ds) != 1 {
		t.Fatalf("%d dead letters", len(ds))
	}
	t.Logf("%+v", ds[0])
}

func TestDeliveryAfterADelay(t *testing.T) {
	b := ready(t)
	publish(t, b, 1)
	var first, second atomic.Int64
	consume(t, b, ConsumeOptions{Handle: func(context.Context, messages.Delivery) error {
		if first.CompareAndSwap(0, time.Now().UnixNano()) {
			return retry.After(300*time.Millisecond, errors.New("busy"))
		}
		second.Store(time.Now().UnixNano())
		return nil
	}})
	eventually(t, "a second delivery", func() bool { return second.Load() > 0 })
	if d := time.Duration(second.Load() - first.Load()); d < 300*time.Millisecond {
		t.Errorf("came again after %v", d)
	}
}
