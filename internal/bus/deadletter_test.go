package bus

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

func TestPermanentFailureBecomesADeadLetter(t *testing.T) {
	t.Parallel()
	var meter readings
	b := readyWith(t, SetupOptions{AckWait: time.Second}, Options{Meter: &meter})
	err := b.Publish(deadline(t), messages.Outgoing{
		Subject: "raw.example", ID: "fetcher:a1:2", Data: []byte("{"), Replay: 3,
		Header: map[string]string{messages.HeaderArticle: "a1", messages.HeaderRevision: "2", messages.HeaderFeed: "f"},
	})
	if err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumeOptions{Stage: messages.StageExtractor, Handle: func(context.Context, messages.Delivery) error {
		return retry.Never("undecodable", errors.New("line 1:\nnot JSON"))
	}})
	settled(t, b, messages.ConsumerExtractor)
	ds := letters(t, b)
	if len(ds) != 1 {
		t.Fatalf("%d dead letters", len(ds))
	}
	d := ds[0]
	delete(d.Header, "traceparent") // there when the tracing test has run
	want := messages.Delivery{
		Subject: "dlq.extractor.undecodable", Data: []byte("{"), Stream: "DLQ", Sequence: 1, Delivered: 1, Replay: 3, Time: d.Time,
		Header: map[string]string{
			"Nats-Msg-Id":            "extractor:a1:2:replay3",
			messages.HeaderReplay:    "3",
			messages.HeaderArticle:   "a1",
			messages.HeaderRevision:  "2",
			messages.HeaderFeed:      "f",
			messages.HeaderStage:     "extractor",
			messages.HeaderReason:    "undecodable",
			messages.HeaderError:     "line 1: not JSON",
			messages.HeaderSubject:   "raw.example",
			messages.HeaderOriginal:  "fetcher:a1:2",
			messages.HeaderStream:    "RAW",
			messages.HeaderSequence:  "1",
			messages.HeaderDelivered: "1",
		},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("dead letter (-want +got):\n%s", diff)
	}
	if n := meter.sum("tocsin_bus_settled_total{consumer,extractor,outcome,dead}"); n != 1 {
		t.Errorf("%v dead letters counted", n)
	}
	if n := meter.sum("tocsin_bus_dead_letters_total{consumer,extractor,reason,undecodable}"); n != 1 {
		t.Errorf("%v dead letters counted as undecodable", n)
	}
}

func TestDeadLetterOfTheSameMessageIsOne(t *testing.T) {
	t.Parallel()
	b := ready(t)
	d := messages.Delivery{Subject: "raw.x", Data: []byte("{"), Stream: "RAW", Sequence: 7, Delivered: 1}
	for range 3 { // dying between the dead letter and its term brings the message, and so the letter, again
		if err := b.Publish(deadline(t), deadLetter("extractor", "undecodable", d, errors.New("x"))); err != nil {
			t.Fatal(err)
		}
		d.Delivered++
	}
	d.Replay = 1
	if err := b.Publish(deadline(t), deadLetter("extractor", "undecodable", d, errors.New("x"))); err != nil {
		t.Fatal(err)
	}
	if n := len(letters(t, b)); n != 2 {
		t.Errorf("%d dead letters of one message and its replay, want 2", n)
	}
}

func TestDeadLetterIDs(t *testing.T) {
	for _, c := range []struct {
		sentence string
		d        messages.Delivery
		want     string
	}{
		{"a known article is named", messages.Delivery{Header: map[string]string{messages.HeaderArticle: "a", messages.HeaderRevision: "4"}, Stream: "RAW", Sequence: 9}, "s:a:4"},
		{"a replay is another message", messages.Delivery{Header: map[string]string{messages.HeaderArticle: "a", messages.HeaderRevision: "4"}, Replay: 2}, "s:a:4:replay2"},
		{"two alerts of one article are two", messages.Delivery{Header: map[string]string{messages.HeaderArticle: "a", messages.HeaderRevision: "4"}, Stream: "ALERTS", Sequence: 9}, "s:ALERTS:9"},
		{"what cannot be read is known by its place", messages.Delivery{Stream: "RAW", Sequence: 9}, "s:RAW:9"},
		{"a broken revision counts as none", messages.Delivery{Header: map[string]string{messages.HeaderArticle: "a", messages.HeaderRevision: "x"}, Stream: "RAW", Sequence: 9}, "s:RAW:9"},
	} {
		if got := letterID("s", c.d); got != c.want {
			t.Errorf("%s: %s, want %s", c.sentence, got, c.want)
		}
	}
}

func TestDeadLetterLeavesServerHeadersBehind(t *testing.T) {
	d := messages.Delivery{Header: map[string]string{"Nats-TTL": "1s", "Nats-Rollup": "all", "Nats-Expected-Stream": "RAW", "traceparent": "00-a"}}
	h := deadLetter("s", "no token.", d, errors.New(strings.Repeat("ä", 1024))).Header
	for k := range h {
		if strings.HasPrefix(k, "Nats-") {
			t.Errorf("header %s would make the server act again", k)
		}
	}
	if h["traceparent"] != "00-a" || h[messages.HeaderReason] != reasonOther || h[messages.HeaderError] != strings.Repeat("ä", 512) {
		t.Errorf("headers are %v", h)
	}
}

func TestDeadLetterOfTheLargestMessageGoesWithoutItsBody(t *testing.T) {
	t.Parallel()
	b := ready(t)
	body := make([]byte, int(b.MaxPayload())-traceRoom-64)
	if err := b.Publish(deadline(t), messages.Outgoing{Subject: "raw.x", Data: body}); err != nil {
		t.Fatal(err)
	}
	consume(t, b, ConsumeOptions{Handle: func(context.Context, messages.Delivery) error {
		return retry.Never("undecodable", errors.New("zeros"))
	}})
	settled(t, b, messages.ConsumerExtractor)
	ds := letters(t, b)
	if len(ds) != 1 || len(ds[0].Data) != 0 || ds[0].Header[messages.HeaderSequence] != "1" {
		t.Errorf("dead letters: %d", len(ds))
	}
}

func TestMessageStaysWhileItsDeadLetterCannotBePublished(t *testing.T) {
	t.Parallel()
	b := ready(t)
	if err := b.js.DeleteStream(deadline(t), messages.StreamDLQ); err != nil {
		t.Fatal(err)
	}
	publish(t, b, 1)
	var seen tally
	consume(t, b, ConsumeOptions{Handle: func(_ context.Context, d messages.Delivery) error {
		if seen.add(d) == 2 {
			if _, err := b.Setup(deadline(t), SetupOptions{AckWait: time.Second}); err != nil {
				t.Error(err)
			}
		}
		return retry.Never("undecodable", errors.New("x"))
	}})
	settled(t, b, messages.ConsumerExtractor)
	if n := len(letters(t, b)); n != 1 || seen.sum() != 2 {
		t.Errorf("%d dead letters after %d deliveries", n, seen.sum())
	}
}
