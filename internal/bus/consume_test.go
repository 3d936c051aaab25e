package bus

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

func TestAckOnlyAfterTheHandlerIsDone(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 20)
	var seen tally
	hold := make(chan struct{})
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error {
		seen.add(d)
		<-hold
		return nil
	}})
	eventually(t, "four handlers at work", func() bool { return seen.sum() == 4 })
	l, err := b.Backlog(deadline(t), messages.ConsumerExtractor)
	if err != nil || l.Pending+uint64(l.AckPending) != 20 {
		t.Errorf("while handlers work %+v is unsettled, want 20 (%v)", l, err)
	}
	if l.AckPending > 8 {
		t.Errorf("%d messages in hand; twice the concurrency is 8", l.AckPending)
	}
	close(hold)
	settled(t, b, messages.ConsumerExtractor)
	d := seen.last["m7"]
	if seen.sum() != 20 || d.Stream != messages.StreamRaw || d.Sequence != 7 || d.Subject != "raw.test" || d.Delivered != 1 || time.Since(d.Time) > patience {
		t.Errorf("handled %d of 20; the seventh as %+v", seen.sum(), d)
	}
}

func TestDeliveryAfterADelay(t *testing.T) {
	t.Parallel()
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

func TestPlainErrorComesAgainAfterAPause(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 1)
	var seen tally
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error {
		if seen.add(d) == 1 {
			return errors.New("the index did not answer")
		}
		return nil
	}})
	settled(t, b, messages.ConsumerExtractor)
	if seen.of("m1") != 2 || seen.last["m1"].Delivered != 2 {
		t.Errorf("handled %d times, the last as %+v", seen.of("m1"), seen.last["m1"])
	}
}

func TestPauseGrowsToHalfAMinute(t *testing.T) {
	var got []time.Duration
	for n := range 8 {
		got = append(got, growing(n)/time.Second)
	}
	if want := []time.Duration{30, 1, 2, 4, 8, 16, 30, 30}; !slices.Equal(got, want) {
		t.Errorf("pauses after 0 to 7 deliveries are %v s, want %v", got, want)
	}
}

func TestInProgressKeepsASlowHandlersMessage(t *testing.T) {
	t.Parallel()
	b := readyWith(t, SetupOptions{AckWait: time.Second}, Options{})
	publish(t, b, 2) // one handler: the second waits in the queue, where it must be kept as well
	var seen tally
	consume(t, b, ConsumeOptions{Concurrency: 1, Handle: func(_ context.Context, d messages.Delivery) error {
		seen.add(d)
		return pause(context.Background(), 1600*time.Millisecond)
	}})
	settled(t, b, messages.ConsumerExtractor)
	if seen.sum() != 2 {
		t.Errorf("2 messages of 1.6 s at AckWait 1 s were handled %d times", seen.sum())
	}
}

func TestShutGateBurnsNoDelivery(t *testing.T) {
	t.Parallel()
	var log notes
	b := readyWith(t, SetupOptions{AckWait: time.Second}, Options{Log: log.logger()})
	publish(t, b, 50)
	var shut atomic.Bool
	var asked atomic.Int64
	shut.Store(true)
	var seen tally
	consume(t, b, ConsumeOptions{
		Gate: func(context.Context) error {
			asked.Add(1)
			if shut.Load() {
				return errors.New("no lists yet")
			}
			return nil
		},
		Handle: func(_ context.Context, d messages.Delivery) error { seen.add(d); return nil },
	})
	eventually(t, "the gate asked twice", func() bool { return asked.Load() >= 2 })
	if err := b.Ready(); err == nil || !strings.Contains(err.Error(), "no lists yet") {
		t.Errorf("ready says %v behind a shut gate", err)
	}
	if n := log.count("fetching no messages"); n != 1 {
		t.Errorf("a shut gate is logged %d times", n)
	}
	shut.Store(false)
	settled(t, b, messages.ConsumerExtractor)
	for body, d := range seen.last {
		if d.Delivered != 1 {
			t.Errorf("%s was delivered %d times", body, d.Delivered)
		}
	}
	if err := b.Ready(); err != nil {
		t.Errorf("ready says %v behind an open gate", err)
	}
}

func TestGateThatShutsWhileFetchingStopsTheFetch(t *testing.T) {
	t.Parallel()
	b := ready(t)
	var shut atomic.Bool
	var seen tally
	consume(t, b, ConsumeOptions{
		Concurrency: 8,
		Gate: func(context.Context) error {
			if shut.Load() {
				return errors.New("index down")
			}
			return nil
		},
		Handle: func(_ context.Context, d messages.Delivery) error {
			if seen.add(d) == 1 && string(d.Data) == "m1" {
				shut.Store(true)
				return retry.After(50*time.Millisecond, errors.New("index down"))
			}
			return nil
		},
	})
	publish(t, b, 1)
	eventually(t, "the station behind its gate", func() bool { return b.Ready() != nil })
	if err := b.Publish(deadline(t), messages.Outgoing{Subject: "raw.test", ID: "m2", Data: []byte("m2")}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // the window in which a fetch left open would take it
	if seen.of("m2") != 0 {
		t.Error("a message was handled behind a shut gate")
	}
	shut.Store(false)
	settled(t, b, messages.ConsumerExtractor)
	if seen.last["m2"].Delivered != 1 {
		t.Errorf("the message was delivered %d times", seen.last["m2"].Delivered)
	}
}

func TestDrainFinishesWhatIsInFlightAndReturnsTheRest(t *testing.T) {
	t.Parallel()
	b := readyWith(t, SetupOptions{AckWait: 30 * time.Second}, Options{}) // far off: only a nak brings a message back
	publish(t, b, 10)
	var begun, done atomic.Int64
	hold := make(chan struct{})
	r := consume(t, b, ConsumeOptions{Concurrency: 2, Handle: func(context.Context, messages.Delivery) error {
		begun.Add(1)
		<-hold
		done.Add(1)
		return nil
	}})
	eventually(t, "two handlers at work", func() bool { return begun.Load() == 2 })
	r.cancel()
	time.AfterFunc(200*time.Millisecond, func() { close(hold) })
	r.stop(t)
	if begun.Load() != 2 || done.Load() != 2 {
		t.Errorf("%d begun and %d finished, want 2 and 2", begun.Load(), done.Load())
	}
	var rest tally
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error { rest.add(d); return nil }})
	settled(t, b, messages.ConsumerExtractor)
	if rest.sum() != 8 {
		t.Errorf("%d messages came back, want 8", rest.sum())
	}
}

// A fetch that is begun after the end was called would take messages to nobody.
func TestNothingIsFetchedAfterTheEnd(t *testing.T) {
	t.Parallel()
	b := readyWith(t, SetupOptions{AckWait: 30 * time.Second}, Options{})
	publish(t, b, 4)
	s, err := b.open(deadline(t), stationOptions{consumer: messages.ConsumerExtractor, stage: messages.StageExtractor})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	asked, err := b.nc.SubscribeSync("$JS.API.CONSUMER.MSG.NEXT.*.*")
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if n, err := s.intake(ended, 4, func(*claim) { t.Error("a message was taken") }); n != 0 || err != nil {
		t.Errorf("took %d, %v", n, err)
	}
	if err := b.nc.FlushTimeout(patience); err != nil {
		t.Fatal(err)
	}
	if n, _, err := asked.Pending(); n != 0 || err != nil {
		t.Errorf("the server was asked %d times for messages (%v)", n, err)
	}
}

func TestDrainBudgetCancelsAHandlerAndReturnsItsMessage(t *testing.T) {
	t.Parallel()
	b := readyWith(t, SetupOptions{AckWait: 30 * time.Second}, Options{})
	publish(t, b, 1)
	begun := make(chan struct{})
	var cause error
	r := consume(t, b, ConsumeOptions{Drain: 100 * time.Millisecond, Handle: func(ctx context.Context, _ messages.Delivery) error {
		close(begun)
		<-ctx.Done()
		cause = context.Cause(ctx)
		return ctx.Err()
	}})
	<-begun
	if d := r.stop(t); d > 2*time.Second {
		t.Errorf("a drain of 100 ms took %v", d)
	}
	if !errors.Is(cause, errDrained) {
		t.Errorf("the handler's context ended with %v", cause)
	}
	var seen tally
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error { seen.add(d); return nil }})
	settled(t, b, messages.ConsumerExtractor)
	if seen.last["m1"].Delivered != 2 {
		t.Errorf("came back as %+v", seen.last["m1"])
	}
}

func TestTwoWorkersShareOneConsumer(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 200)
	var seen, here, there tally
	for _, mine := range []*tally{&here, &there} {
		consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error {
			seen.add(d)
			mine.add(d)
			return pause(context.Background(), time.Millisecond)
		}})
	}
	settled(t, b, messages.ConsumerExtractor)
	if seen.sum() != 200 || len(seen.seen) != 200 || here.sum() == 0 || there.sum() == 0 {
		t.Errorf("%d deliveries of %d messages, shared %d to %d", seen.sum(), len(seen.seen), here.sum(), there.sum())
	}
}

func TestConsumeNeedsASetup(t *testing.T) {
	t.Parallel()
	b := dial(t, Options{Server: serve(t)})
	err := b.Consume(deadline(t), ConsumeOptions{Consumer: messages.ConsumerIndexer, Handle: func(context.Context, messages.Delivery) error { return nil }})
	if err == nil || !strings.Contains(err.Error(), "tocsin setup") || !strings.Contains(err.Error(), "indexer") {
		t.Errorf("without consumers: %v", err)
	}
}

func TestConsumeOptionsNameWhatIsWrong(t *testing.T) {
	nop := func(context.Context, messages.Delivery) error { return nil }
	for _, c := range []struct {
		sentence string
		o        ConsumeOptions
		want     string
	}{
		{"someone has to do the work", ConsumeOptions{}, "Handle"},
		{"less than one handler is none", ConsumeOptions{Concurrency: -1, Handle: nop}, "Concurrency"},
		{"more than the server lets out", ConsumeOptions{Concurrency: 10_000, Handle: nop}, "Concurrency"},
		{"time does not run backwards", ConsumeOptions{Drain: -1, Handle: nop}, "Drain"},
	} {
		if _, err := c.o.withDefaults(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func TestReservingWaitsForHalfTheSlots(t *testing.T) {
	slots := make(chan struct{}, 8)
	if n := reserve(t.Context(), slots); n != 8 {
		t.Errorf("of 8 free slots %d were taken", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if n := reserve(ctx, slots); n != 0 {
			t.Errorf("with 3 of 8 free and the context done, %d were taken", n)
		}
	})
	for range 3 {
		<-slots
	}
	cancel()
	wg.Wait()
	if len(slots) != 5 {
		t.Errorf("%d slots are taken after giving up, want 5", len(slots))
	}
}
