package bus

import (
	"context"
	"errors"
	"testing"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

func backlog(t *testing.T, b *Bus, consumer string) Backlog {
	t.Helper()
	l, err := b.Backlog(deadline(t), consumer)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestBacklogCountsWhatIsNotFinished(t *testing.T) {
	t.Parallel()
	b := readyWith(t, SetupOptions{MaxBytes: 1 << 30, MaxAge: day}, Options{})
	if l := backlog(t, b, messages.ConsumerExtractor); l != (Backlog{MaxBytes: 1 << 30, MaxAge: day}) {
		t.Errorf("of an empty stream: %+v", l)
	}
	publish(t, b, 10)
	eventually(t, "ten pending", func() bool { return backlog(t, b, messages.ConsumerExtractor).Pending == 10 })
	l := backlog(t, b, messages.ConsumerExtractor)
	if l.AckPending != 0 || l.Bytes < 200 || l.Bytes > 2000 || l.Oldest <= 0 || l.Oldest > patience || l.Late() {
		t.Errorf("of ten small messages: %+v", l)
	}
	var seen tally
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error {
		if seen.add(d); string(d.Data) == "m3" {
			return retry.After(time.Hour, errors.New("later"))
		}
		return nil
	}})
	eventually(t, "all but one finished", func() bool {
		l := backlog(t, b, messages.ConsumerExtractor)
		return l.Pending == 0 && l.AckPending == 1
	})
	time.Sleep(20 * time.Millisecond)
	if l := backlog(t, b, messages.ConsumerExtractor); l.Oldest < 20*time.Millisecond || l.Bytes < 20 || l.Bytes > 200 {
		t.Errorf("with one waiting: %+v", l)
	}
}

func TestBacklogOfPollsLooksAtDueOnesOnly(t *testing.T) {
	t.Parallel()
	b := ready(t)
	if err := b.Schedule(deadline(t), "f", time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if l := backlog(t, b, messages.ConsumerFetcher); l != (Backlog{}) {
		t.Errorf("with one pending schedule: %+v", l)
	}
}

func TestUnreadMessagesExtendTheMaxAge(t *testing.T) {
	t.Parallel()
	so := SetupOptions{MaxAge: 2 * time.Second, AckWait: time.Second}
	b := readyWith(t, so, Options{})
	publish(t, b, 2)
	stop := time.Now().Add(5 * time.Second) // more than twice the max age
	late := false
	for time.Now().Before(stop) {
		l, err := b.KeepUnread(deadline(t), messages.ConsumerExtractor)
		if err != nil {
			t.Fatal(err)
		}
		if l.MaxAge != 2*time.Second {
			t.Fatalf("the configured max age became %v", l.MaxAge)
		}
		late = late || l.Late()
		time.Sleep(100 * time.Millisecond)
	}
	l := backlog(t, b, messages.ConsumerExtractor)
	if l.Pending != 2 || l.Extended != 16*time.Second || !late {
		t.Errorf("after 5 s of a max age of 2 s: %+v, late %v", l, late)
	}
	changes, err := b.Setup(deadline(t), so)
	if err != nil || len(changes) != 1 || changes[0].Action != "keep" {
		t.Errorf("a setup meanwhile did %v (%v)", changes, err)
	}
	var seen tally
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error { seen.add(d); return nil }})
	settled(t, b, messages.ConsumerExtractor)
	if l, err = b.KeepUnread(deadline(t), messages.ConsumerExtractor); err != nil || l.Extended != 0 {
		t.Errorf("once all are read: %+v (%v)", l, err)
	}
	if l = backlog(t, b, messages.ConsumerExtractor); seen.sum() != 2 || l.Extended != 0 || l.MaxAge != 2*time.Second {
		t.Errorf("%d read, then %+v", seen.sum(), l)
	}
}

func TestSetupWhileExtendedNotesTheNewAge(t *testing.T) {
	t.Parallel()
	o, _ := SetupOptions{MaxAge: 4 * time.Hour}.withDefaults()
	have := streams(o)[0].config
	have.MaxAge, have.Metadata = 8*time.Hour, map[string]string{baseAge: "3600000000000"}
	merged, d := streams(o)[0].merge(have)
	if merged.MaxAge != 8*time.Hour || merged.Metadata[baseAge] != "14400000000000" || d.kept == "" || d.changed == "" {
		t.Errorf("1 h extended to 8 h, 4 h wanted: %v %v, %+v", merged.MaxAge, merged.Metadata, d)
	}
	o.MaxAge = 10 * time.Hour
	merged, d = streams(o)[0].merge(have)
	if merged.MaxAge != 10*time.Hour || merged.Metadata[baseAge] != "" || d.kept != "" {
		t.Errorf("1 h extended to 8 h, 10 h wanted: %v %v, %+v", merged.MaxAge, merged.Metadata, d)
	}
}
