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
		{"the tenth, begun five times, has crashed", outcome{Delivered: 0, Begun: 5}, 10, crashed},
		{"the tenth, never begun, died with a neighbour", outcome{Delivered: 0, Begun: 0}, 10, suspect},
		{"a nak at the eighth starts the count anew", outcome{Delivered: 8, Begun: 0}, 12, trusted},
		{"and so do many naks", outcome{Delivered: 99, Begun: 0}, 100, trusted},
		{"one that failed by itself is handled alone", outcome{Delivered: 9, Failed: 1}, 10, suspect},
		{"ten after a nak have crashed", outcome{Delivered: 8, Begun: 5}, 18, crashed},
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

func TestFailuresThatAreTheMessagesOwn(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	before := func(d time.Duration) time.Time { return now.Add(-d) }
	for _, c := range []struct {
		sentence string
		known    outcome
		worked   time.Time
		failed   int
		hopeless bool
	}{
		{"nobody knows when it failed before", outcome{}, before(time.Second), 0, false},
		{"nothing else went through meanwhile: an outage", outcome{Failed: 9, Since: before(time.Hour), At: before(time.Minute)}, before(time.Hour), 9, false},
		{"nothing ever went through here", outcome{Failed: 9, Since: before(time.Hour), At: before(time.Minute)}, time.Time{}, 9, false},
		{"the tenth of its own, after an hour", outcome{Failed: 9, Since: before(time.Hour), At: before(time.Minute)}, before(time.Second), 10, true},
		{"the tenth of its own, too soon", outcome{Failed: 9, Since: before(time.Minute), At: before(time.Second)}, before(0), 10, false},
		{"an hour, but not often", outcome{Failed: 3, Since: before(time.Hour), At: before(time.Minute)}, before(time.Second), 4, false},
		{"the first of its own", outcome{At: before(time.Minute)}, before(time.Second), 1, false},
	} {
		got := c.known.fail(20, c.worked, now)
		if got.Failed != c.failed || got.hopeless(time.Hour, now) != c.hopeless || got.Delivered != 20 || !got.At.Equal(now) {
			t.Errorf("%s: %+v", c.sentence, got)
		}
	}
}

// One message has failed by itself for two hours and fails once more, after a neighbour went through.
func TestOneThatFailsByItselfIsSetAside(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 1)
	var seen tally
	first := consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error {
		seen.add(d)
		return retry.After(time.Millisecond, errors.New("what it needs is down"))
	}})
	eventually(t, "five deliveries", func() bool { return seen.of("m1") >= suspectAfter })
	first.stop(t)
	long := time.Now().Add(-2 * time.Hour).UTC().Format(time.RFC3339)
	bucket, err := b.Bucket(deadline(t), bucketOutcomes)
	if err == nil {
		err = bucket.Put(deadline(t), "extractor.1", []byte(`{"delivered":5,"failed":9,"since":"`+long+`","at":"`+long+`"}`))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(deadline(t), messages.Outgoing{Subject: messages.RawSubject("test"), ID: "m2", Data: []byte("m2")}); err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumeOptions{Concurrency: 1, Handle: func(_ context.Context, d messages.Delivery) error {
		seen.add(d)
		switch {
		case string(d.Data) == "m2":
			return nil
		case seen.of("m2") == 0:
			return retry.After(time.Millisecond, errors.New("what it needs is down"))
		}
		return errors.New("it cannot be read")
	}})
	settled(t, b, messages.ConsumerExtractor)
	ds := letters(t, b)
	if len(ds) != 1 || ds[0].Subject != "dlq.extractor.failing" || !strings.Contains(ds[0].Header[messages.HeaderError], "it cannot be read") {
		t.Errorf("dead letters: %+v", ds)
	}
}

func TestSuspectsAreNarrowedDown(t *testing.T) {
	batch := func(n, delivered int) (all []*claim) {
		for range n {
			all = append(all, &claim{delivery: messages.Delivery{Delivered: delivered}})
		}
		return all
	}
	for _, c := range []struct {
		sentence  string
		suspects  []*claim
		groups    int
		mostInOne int
	}{
		{"many for the first time", batch(256, 5), 16, 16},
		{"and the second", batch(256, 6), 16, 16},
		{"then in smaller groups", batch(256, 7), 64, 4},
		{"then alone", batch(256, 8), 256, 1},
		{"alone before the verdict", batch(256, 9), 256, 1},
		{"few are alone at once", batch(15, 5), 15, 1},
		{"each by its own count", append(batch(30, 5), batch(2, 9)...), 17, 2},
	} {
		most, sum := 0, 0
		groups := narrowed(c.suspects)
		for _, few := range groups {
			most, sum = max(most, len(few)), sum+len(few)
		}
		if len(groups) != c.groups || most != c.mostInOne || sum != len(c.suspects) {
			t.Errorf("%s: %d groups of up to %d, %d in all", c.sentence, len(groups), most, sum)
		}
	}
	failed := batch(64, 25)
	for _, f := range failed {
		f.known = outcome{Delivered: 20, Failed: 1}
	}
	if n := len(narrowed(failed)); n != 64 {
		t.Errorf("messages that failed by themselves are in %d groups, want each alone", n)
	}
}
