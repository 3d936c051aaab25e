package bus

import (
	"context"
	"testing"
	"time"

	"tocsin/internal/bus/broker"
	"tocsin/pkg/messages"
)

type due struct {
	feed string
	at   time.Time
}

// fetchers consumes due polls.
func fetchers(t *testing.T, b *Bus) <-chan due {
	t.Helper()
	out := make(chan due, 100)
	consume(t, b, ConsumeOptions{Consumer: messages.ConsumerFetcher, Handle: func(_ context.Context, d messages.Delivery) error {
		out <- due{string(d.Data), time.Now()}
		if d.Header[messages.HeaderFeed] != string(d.Data) || d.Subject != messages.DueSubject(string(d.Data)) {
			t.Errorf("due poll %+v", d)
		}
		return nil
	}})
	return out
}

func next(t *testing.T, c <-chan due) due {
	t.Helper()
	select {
	case d := <-c:
		return d
	case <-time.After(patience):
		t.Fatal("nothing became due")
		return due{}
	}
}

func TestScheduleFiresOnceAndNeverEarly(t *testing.T) {
	t.Parallel()
	b := ready(t)
	polls := fetchers(t, b)
	at := time.Now().Add(1300 * time.Millisecond)
	if err := b.Schedule(deadline(t), "feed one", at); err != nil {
		t.Fatal(err)
	}
	d := next(t, polls)
	if late := d.at.Sub(at); d.feed != "feed one" || late < 0 || late > 2*time.Second {
		t.Errorf("%s fired %v after its time", d.feed, late)
	}
	settled(t, b, messages.ConsumerFetcher)
	s, err := b.js.Stream(deadline(t), messages.StreamPolls)
	if err != nil || s.CachedInfo().State.Msgs != 1 {
		t.Errorf("%d messages are left in POLLS, want the due poll alone (%v)", s.CachedInfo().State.Msgs, err)
	}
}

func TestSchedulePastFiresAtOnce(t *testing.T) {
	t.Parallel()
	b := ready(t)
	polls := fetchers(t, b)
	for _, ago := range []time.Duration{0, time.Second, 24 * time.Hour} {
		begun := time.Now()
		if err := b.Schedule(deadline(t), "f", begun.Add(-ago)); err != nil {
			t.Fatal(err)
		}
		if took := next(t, polls).at.Sub(begun); took > 2*time.Second {
			t.Errorf("a poll due %v ago came after %v", ago, took)
		}
	}
}

func TestScheduleAgainReplaces(t *testing.T) {
	t.Parallel()
	b := ready(t)
	polls := fetchers(t, b)
	now := time.Now()
	for _, at := range []time.Time{now.Add(time.Hour), now.Add(time.Second), now.Add(2 * time.Second)} {
		if err := b.Schedule(deadline(t), "f", at); err != nil {
			t.Fatal(err)
		}
	}
	if d := next(t, polls); d.at.Before(now.Add(2 * time.Second)) {
		t.Errorf("fired %v after the beginning, and the last schedule said 2 s", d.at.Sub(now))
	}
	select {
	case d := <-polls:
		t.Errorf("a replaced schedule fired: %v", d)
	case <-time.After(1500 * time.Millisecond):
	}
}

func TestUnscheduleStopsThePoll(t *testing.T) {
	t.Parallel()
	b := ready(t)
	at := time.Now().Add(time.Second)
	for _, f := range []string{"gone", "stays"} {
		if err := b.Schedule(deadline(t), f, at); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time there is nothing to remove
		if err := b.Unschedule(deadline(t), "gone"); err != nil {
			t.Fatal(err)
		}
	}
	polls := fetchers(t, b)
	if d := next(t, polls); d.feed != "stays" {
		t.Errorf("%s fired", d.feed)
	}
	select {
	case d := <-polls:
		t.Errorf("%s fired after it was unscheduled", d.feed)
	case <-time.After(time.Second):
	}
}

func TestScheduleSurvivesARestartAndFiresLate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	so := broker.Options{Dir: dir, Port: -1, Log: logTo(t)}
	s, err := broker.Start(so)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Connect(deadline(t), Options{Server: s})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Setup(deadline(t), SetupOptions{}); err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(time.Second)
	if err := b.Schedule(deadline(t), "f", at); err != nil {
		t.Fatal(err)
	}
	b.Close()
	s.Shutdown()
	time.Sleep(time.Until(at.Add(time.Second))) // its time passes while nobody is there
	if s, err = broker.Start(so); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Shutdown)
	if d := next(t, fetchers(t, dial(t, Options{Server: s}))); d.feed != "f" {
		t.Errorf("%v fired", d)
	}
}

func TestWholeSecondRoundsUp(t *testing.T) {
	base := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		sentence  string
		add, want time.Duration
	}{
		{"a whole second stays", 0, 0},
		{"a nanosecond makes it the next", 1, time.Second},
		{"and so does nearly all of it", 999_999_999, time.Second},
	} {
		if got := wholeSecond(base.Add(c.add)); !got.Equal(base.Add(c.want)) {
			t.Errorf("%s: %v", c.sentence, got)
		}
	}
}
