package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

func batches(t *testing.T, b *Bus, o BatchOptions) *running {
	t.Helper()
	o.Consumer = messages.ConsumerExtractor
	if o.Wait == 0 {
		o.Wait = 100 * time.Millisecond
	}
	return start(t, func(ctx context.Context) error { return b.ConsumeBatch(ctx, o) })
}

func TestBatchSettlesEachMessageByItsOwnError(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 6)
	var seen tally
	var sizes []int
	batches(t, b, BatchOptions{Handle: func(_ context.Context, ds []messages.Delivery) []error {
		sizes = append(sizes, len(ds))
		errs := make([]error, len(ds))
		for i, d := range ds {
			switch n := seen.add(d); string(d.Data) {
			case "m2":
				errs[i] = retry.Never("mapping", errors.New("strict"))
			case "m4":
				if n == 1 {
					errs[i] = retry.After(10*time.Millisecond, errors.New("429"))
				}
			}
		}
		return errs
	}})
	settled(t, b, messages.ConsumerExtractor)
	ds := letters(t, b)
	if len(ds) != 1 || string(ds[0].Data) != "m2" || ds[0].Subject != "dlq.extractor.mapping" {
		t.Errorf("dead letters: %+v", ds)
	}
	for i := 1; i <= 6; i++ {
		want := 1
		if i == 4 {
			want = 2
		}
		if got := seen.of(fmt.Sprint("m", i)); got != want {
			t.Errorf("m%d was handled %d times, want %d", i, got, want)
		}
	}
	if sizes[0] != 6 {
		t.Errorf("batches of %v, want all six first", sizes)
	}
}

func TestBatchIsBoundedInNumberAndBytes(t *testing.T) {
	t.Parallel()
	b := ready(t)
	for i := range 30 {
		m := messages.Outgoing{Subject: "raw.x", ID: fmt.Sprint(i), Data: make([]byte, 300<<10)}
		if err := b.Publish(deadline(t), m); err != nil {
			t.Fatal(err)
		}
	}
	var most, mostBytes atomic.Int64
	batches(t, b, BatchOptions{Max: 7, MaxBytes: 1, Handle: func(_ context.Context, ds []messages.Delivery) []error {
		bytes := 0
		for _, d := range ds {
			bytes += len(d.Data)
		}
		most.Store(max(most.Load(), int64(len(ds))))
		mostBytes.Store(max(mostBytes.Load(), int64(bytes)))
		return make([]error, len(ds))
	}})
	settled(t, b, messages.ConsumerExtractor)
	// MaxBytes is raised to what one message may have, 1 MiB and its headers: three of 300 KiB.
	if most.Load() != 3 || mostBytes.Load() != 3*300<<10 {
		t.Errorf("a batch had %d messages of %d bytes, want 3 of %d", most.Load(), mostBytes.Load(), 3*300<<10)
	}
}

func TestBatchAnsweredShortIsTriedAgain(t *testing.T) {
	t.Parallel()
	var log notes
	b := readyWith(t, SetupOptions{AckWait: time.Second}, Options{Log: log.logger()})
	publish(t, b, 3)
	var calls atomic.Int64
	batches(t, b, BatchOptions{Handle: func(_ context.Context, ds []messages.Delivery) []error {
		if calls.Add(1) == 1 {
			return make([]error, len(ds)-1)
		}
		return make([]error, len(ds))
	}})
	settled(t, b, messages.ConsumerExtractor)
	if calls.Load() < 2 || log.count("answered 2 of 3") != 3 {
		t.Errorf("%d calls; the log: %s", calls.Load(), log.text.String())
	}
}

func TestBatchPanicIsolatesTheCulprit(t *testing.T) {
	t.Parallel()
	b := readyWith(t, SetupOptions{AckWait: 250 * time.Millisecond}, Options{})
	publish(t, b, 5)
	for range 4 { // the process died with the whole batch, four times: from the fifth on each is handled alone
		die(t, b, 5, func(*claim) bool { return false })
		time.Sleep(300 * time.Millisecond) // AckWait
	}
	var seen tally
	batches(t, b, BatchOptions{Handle: func(_ context.Context, ds []messages.Delivery) []error {
		for _, d := range ds {
			seen.add(d)
			if string(d.Data) == "m2" {
				panic("m2 in a batch of " + fmt.Sprint(len(ds)))
			}
		}
		return make([]error, len(ds))
	}})
	eventually(t, "the neighbours handled", func() bool { return seen.sum() >= 5 })
	for _, m := range []string{"m1", "m3", "m4", "m5"} {
		if seen.of(m) != 1 {
			t.Errorf("%s was handled %d times", m, seen.of(m))
		}
	}
}

func TestBatchDrainReturnsTheRestAtOnce(t *testing.T) {
	t.Parallel()
	b := readyWith(t, SetupOptions{AckWait: 30 * time.Second}, Options{})
	publish(t, b, 4)
	begun, hold := make(chan int, 1), make(chan struct{})
	r := batches(t, b, BatchOptions{Max: 2, Handle: func(_ context.Context, ds []messages.Delivery) []error {
		begun <- len(ds)
		<-hold
		return make([]error, len(ds))
	}})
	if n := <-begun; n != 2 {
		t.Fatalf("a batch of %d", n)
	}
	r.cancel()
	close(hold)
	r.stop(t)
	l, err := b.Backlog(deadline(t), messages.ConsumerExtractor)
	if err != nil || l.Pending+uint64(l.AckPending) != 2 {
		t.Errorf("after the drain %+v is left, want 2 (%v)", l, err)
	}
}

func TestBatchInProgressKeepsAllOfIt(t *testing.T) {
	t.Parallel()
	b := readyWith(t, SetupOptions{AckWait: time.Second}, Options{})
	publish(t, b, 50)
	var seen tally
	batches(t, b, BatchOptions{Handle: func(_ context.Context, ds []messages.Delivery) []error {
		for _, d := range ds {
			seen.add(d)
		}
		_ = pause(context.Background(), 2500*time.Millisecond)
		return make([]error, len(ds))
	}})
	settled(t, b, messages.ConsumerExtractor)
	if seen.sum() != 50 {
		t.Errorf("50 messages were handled %d times", seen.sum())
	}
}

func TestBatchOptionsNameWhatIsWrong(t *testing.T) {
	nop := func(context.Context, []messages.Delivery) []error { return nil }
	for _, c := range []struct {
		sentence string
		o        BatchOptions
		want     string
	}{
		{"someone has to do the work", BatchOptions{}, "Handle"},
		{"all batches together pass what the server lets out", BatchOptions{Max: 3000, Workers: 2, Handle: nop}, "Max"},
		{"a batch that gathers for minutes holds its messages up", BatchOptions{Wait: time.Minute, Handle: nop}, "Wait"},
		{"time does not run backwards", BatchOptions{Drain: -1, Handle: nop}, "Drain"},
	} {
		if _, err := c.o.withDefaults(1 << 20); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}
