package bus

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"tocsin/pkg/messages"
)

func raw(t *testing.T, b *Bus) (ds []messages.Delivery) {
	t.Helper()
	err := b.Follow(deadline(t), FollowOptions{Stream: messages.StreamRaw, Once: true}, func(d messages.Delivery) error {
		ds = append(ds, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

func TestPublishTwiceIsStoredOnce(t *testing.T) {
	t.Parallel()
	b := ready(t)
	m := messages.Outgoing{Subject: "raw.a", ID: messages.MsgID("fetcher", "a", 1, 0), Data: []byte("x"), Header: map[string]string{"Tocsin-Feed": "two\r\nlines"}}
	for range 2 {
		if err := b.Publish(deadline(t), m); err != nil {
			t.Fatal(err)
		}
	}
	m.Replay, m.ID = 1, messages.MsgID("fetcher", "a", 1, 1)
	if err := b.Publish(deadline(t), m); err != nil {
		t.Fatal(err)
	}
	ds := raw(t, b)
	if len(ds) != 2 || ds[0].Replay != 0 || ds[1].Replay != 1 {
		t.Fatalf("stored %+v", ds)
	}
	if h := ds[0].Header; h[messages.HeaderMsgID] != "fetcher:a:1" || h["Tocsin-Feed"] != "two  lines" {
		t.Errorf("headers %v", h)
	}
}

func TestPublishAllKeepsOrderAndAnswersEach(t *testing.T) {
	t.Parallel()
	b := ready(t)
	var ms []messages.Outgoing
	for i := range 3 * pipeline {
		ms = append(ms, messages.Outgoing{Subject: "raw.a", ID: fmt.Sprint(i), Data: fmt.Append(nil, i)})
	}
	ms[5].Subject = "nobody.listens"
	ms[6].Data = make([]byte, b.MaxPayload())
	ms[7].Subject = "raw.*"
	errs := b.PublishAll(deadline(t), ms)
	for i, err := range errs {
		if (err != nil) != (i >= 5 && i <= 7) {
			t.Errorf("message %d: %v", i, err)
		}
	}
	if !strings.Contains(errs[5].Error(), "tocsin setup") || !errors.Is(errs[6], ErrTooLarge) || !strings.Contains(errs[7].Error(), "not a subject") {
		t.Errorf("errors %v", errs[5:8])
	}
	ds := raw(t, b)
	if len(ds) != len(ms)-3 {
		t.Fatalf("%d stored", len(ds))
	}
	for i, d := range ds[5:] {
		if want := fmt.Sprint(i + 8); string(d.Data) != want {
			t.Fatalf("message %d is %s, want %s", i+5, d.Data, want)
		}
	}
}

func TestTooLargeFailsBeforeSending(t *testing.T) {
	t.Parallel()
	b := ready(t)
	for _, c := range []struct {
		sentence string
		body     int64
		header   int
		large    bool
	}{
		{"the largest that fits with room for a trace", b.MaxPayload() - traceRoom - 12 - 5 - 40, 35, false},
		{"one byte more of body", b.MaxPayload() - traceRoom, 0, true},
		{"headers count as well", b.MaxPayload() - traceRoom - 100, 200, true},
	} {
		m := messages.Outgoing{Subject: "raw.a", Data: make([]byte, c.body), Header: map[string]string{"H": strings.Repeat("x", c.header)}}
		err := b.Publish(deadline(t), m)
		if errors.Is(err, ErrTooLarge) != c.large || !c.large && err != nil {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}
