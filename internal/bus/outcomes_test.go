package bus

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// die fetches up to n messages the way a process does that is then killed: its handlers begin and nothing is settled.
// It returns the bodies whose handlers began.
func die(t *testing.T, b *Bus, n int, handle func(*claim) (goesOn bool)) {
	t.Helper()
	ctx := deadline(t)
	s, err := b.open(ctx, stationOptions{consumer: messages.ConsumerExtractor})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	batch, err := s.cons.Fetch(n, jetstream.FetchMaxWait(2*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	dead := false
	for m := range batch.Messages() {
		c := s.claim(m)
		s.keeper.drop(c)
		if dead {
			continue // was in the queue
		}
		switch c.sift(ctx) {
		case crashed:
			continue
		case suspect:
			c.begin(ctx)
		}
		dead = !handle(c)
	}
}

func kills(body string) func(c *claim) bool {
	return func(c *claim) bool {
		if string(c.delivery.Data) == body {
			return false
		}
		c.settle(context.Background(), false, nil)
		return true
	}
}

func TestTenDeliveriesWithoutOutcomeAreACrash(t *testing.T) {
	t.Parallel()
	b := readyWith(t, SetupOptions{AckWait: 250 * time.Millisecond}, Options{})
	publish(t, b, 3)
	for range 9 {
		die(t, b, 3, kills("m1"))
	}
	var seen tally
	consume(t, b, ConsumeOptions{Concurrency: 1, Handle: func(_ context.Context, d messages.Delivery) error { seen.add(d); return nil }})
	settled(t, b, messages.ConsumerExtractor)
	ds := letters(t, b)
	if len(ds) != 1 || ds[0].Subject != "dlq.extractor.crash" || string(ds[0].Data) != "m1" || !strings.Contains(ds[0].Header[messages.HeaderError], "10 times") {
		t.Fatalf("dead letters: %+v", ds)
	}
	if seen.of("m1") != 0 {
		t.Error("the message that kills was handled again")
	}
	if seen.of("m2") != 1 || seen.of("m3") != 1 {
		t.Errorf("its neighbours, which only died with it, were handled %d and %d times", seen.of("m2"), seen.of("m3"))
	}
}

func TestNineDeliveriesWithoutOutcomeAreNoCrash(t *testing.T) {
	t.Parallel()
	b := readyWith(t, SetupOptions{AckWait: 250 * time.Millisecond}, Options{})
	publish(t, b, 1)
	for range 8 {
		die(t, b, 1, kills("m1"))
	}
	var seen tally
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error { seen.add(d); return nil }})
	settled(t, b, messages.ConsumerExtractor)
	if n := len(letters(t, b)); n != 0 || seen.last["m1"].Delivered != 9 {
		t.Errorf("%d dead letters, last delivery %d", n, seen.last["m1"].Delivered)
	}
}

func TestNaksDoNotCountAsCrashes(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 1)
	var seen tally
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error {
		if seen.add(d) <= 25 {
			return retry.After(time.Millisecond, errors.New("the index is down"))
		}
		return nil
	}})
	settled(t, b, messages.ConsumerExtractor)
	if n := len(letters(t, b)); n != 0 || seen.of("m1") != 26 {
		t.Errorf("%d dead letters after %d deliveries, 25 of them naks", n, seen.of("m1"))
	}
}

func TestJudgement(t *testing.T) {
	for _, c := range []struct {
		sentence  string
		known     outcome
		delivered int
		want      verdict
	}{
		{"a first delivery is trusted", outcome{}, 1, trusted},
		{"so is the fourth", outcome{}, 4, trusted},
		{"the fifth is handled alone", outcome{}, 5, suspect},
		{"the tenth, begun five times, has crashed", outcome{0, 5}, 10, crashed},
		{"the tenth, never begun, died with a neighbour", outcome{0, 0}, 10, suspect},
		{"a nak at the eighth starts the count anew", outcome{8, 0}, 12, trusted},
		{"and so do many naks", outcome{99, 0}, 100, trusted},
		{"ten after a nak have crashed", outcome{8, 5}, 18, crashed},
	} {
		if got := c.known.judge(c.delivered); got != c.want {
			t.Errorf("%s: %d, want %d", c.sentence, got, c.want)
		}
	}
}

func TestPanicHurtsNoNeighbourAndTenOfThemAreACrash(t *testing.T) {
	t.Parallel()
	var log notes
	b := readyWith(t, SetupOptions{AckWait: time.Second}, Options{Log: log.logger()})
	publish(t, b, 3)
	var seen tally
	consume(t, b, ConsumeOptions{Concurrency: 1, Handle: func(_ context.Context, d messages.Delivery) error {
		seen.add(d)
		if string(d.Data) == "m2" {
			panic("index out of range")
		}
		return nil
	}})
	eventually(t, "the neighbours handled", func() bool { return seen.of("m1") == 1 && seen.of("m3") == 1 })
	eventually(t, "a second try", func() bool { return seen.of("m2") >= 2 })
	if log.count("a handler panicked") == 0 || log.count("index out of range") == 0 || log.count("TestPanicHurtsNoNeighbour") == 0 {
		t.Error("the log tells neither panic nor stack")
	}
	s := b.stations[0]
	value, _, err := s.outcomes.bucket.Load(deadline(t), "extractor.2")
	if err != nil || value != nil {
		t.Errorf("a panic was remembered as an outcome: %s %v", value, err)
	}
}

func TestAbandonedMessageGoesToAnotherAfterAckWait(t *testing.T) {
	t.Parallel()
	b := readyWith(t, SetupOptions{AckWait: 250 * time.Millisecond}, Options{})
	publish(t, b, 1)
	die(t, b, 1, kills("m1"))
	var seen tally
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error { seen.add(d); return nil }})
	settled(t, b, messages.ConsumerExtractor)
	if seen.last["m1"].Delivered != 2 {
		t.Errorf("came as delivery %d", seen.last["m1"].Delivered)
	}
}
