package bus

import (
	"context"
	"errors"
	"testing"

	"tocsin/pkg/messages"
)

func TestFollowLeavesBodiesBehind(t *testing.T) {
	t.Parallel()
	b := ready(t)
	m := messages.Outgoing{Subject: "raw.x", ID: "fetcher:a:1", Data: []byte("body"), Header: map[string]string{messages.HeaderArticle: "a"}}
	if err := b.Publish(deadline(t), m); err != nil {
		t.Fatal(err)
	}
	told := 0
	err := b.Follow(deadline(t), FollowOptions{Stream: messages.StreamRaw, Once: true, HeadersOnly: true}, func(d messages.Delivery) error {
		told++
		if d.Data != nil || d.Header[messages.HeaderArticle] != "a" || d.Sequence != 1 {
			t.Errorf("told %+v", d)
		}
		return nil
	})
	if err != nil || told != 1 {
		t.Errorf("told %d, %v", told, err)
	}
}

func TestOneMessageIsReadAndRemoved(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 3)
	ctx := deadline(t)
	d, err := b.Message(ctx, messages.StreamRaw, 2)
	if err != nil || string(d.Data) != "m2" || d.Stream != messages.StreamRaw || d.Sequence != 2 || d.Time.IsZero() {
		t.Errorf("message 2: %+v, %v", d, err)
	}
	for range 2 { // the second time it is gone already
		if err := b.Remove(ctx, messages.StreamRaw, 2); err != nil {
			t.Errorf("remove: %v", err)
		}
	}
	if _, err := b.Message(ctx, messages.StreamRaw, 2); !errors.Is(err, ErrNoMessage) {
		t.Errorf("after removing: %v", err)
	}
	x, err := b.Extent(ctx, messages.StreamRaw)
	if err != nil || x.Messages != 2 || x.First != 1 || x.Last != 3 || x.FirstTime.IsZero() || x.MaxAge != 7*day {
		t.Errorf("extent: %+v, %v", x, err)
	}
	if _, err := b.Extent(ctx, "NONE"); err == nil {
		t.Error("a stream that is not there has an extent")
	}
}

func TestSettledFollowsTheConsumer(t *testing.T) {
	t.Parallel()
	b := ready(t)
	publish(t, b, 4)
	settled := func() uint64 {
		t.Helper()
		n, err := b.Settled(deadline(t), messages.ConsumerExtractor)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := settled(); n != 0 {
		t.Errorf("nothing was consumed, %d is settled", n)
	}
	if err := b.Remove(deadline(t), messages.StreamRaw, 4); err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumeOptions{Consumer: messages.ConsumerExtractor, Handle: func(context.Context, messages.Delivery) error { return nil }})
	eventually(t, "all is settled", func() bool { return settled() >= 3 })
}
