package deadletter_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"tocsin/internal/assembly/accounting"
	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/bus/bustest"
	"tocsin/internal/operate/deadletter"
	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// pipeline is a real server with one stage that gives everything up.
func pipeline(t *testing.T) *bus.Bus {
	t.Helper()
	return bustest.Live(t, broker.Options{}, bus.SetupOptions{})
}

func publish(t *testing.T, b *bus.Bus, id, feed, body string) {
	t.Helper()
	err := b.Publish(t.Context(), messages.Outgoing{
		Subject: "raw.x", ID: "fetcher:" + id + ":1", Data: []byte(body),
		Header: map[string]string{messages.HeaderArticle: id, messages.HeaderRevision: "1", messages.HeaderFeed: feed},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// extract lets the stage settle what is there by its answer, and returns what it was given.
func extract(t *testing.T, b *bus.Bus, answer error) []messages.Delivery {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var got []messages.Delivery
	ended := make(chan error, 1)
	go func() {
		ended <- b.Consume(ctx, bus.ConsumeOptions{Consumer: messages.ConsumerExtractor, Concurrency: 1, Handle: func(_ context.Context, d messages.Delivery) error {
			got = append(got, d)
			return answer
		}})
	}()
	for {
		l, err := b.Backlog(ctx, messages.ConsumerExtractor)
		if err != nil {
			t.Fatal(err)
		}
		if l.Pending == 0 && l.AckPending == 0 {
			break
		}
		time.Sleep(5 * time.Millisecond) // between two looks at a condition
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	return got
}

func list(t *testing.T, letters *deadletter.Letters, q deadletter.Query) []deadletter.Letter {
	t.Helper()
	all, err := letters.List(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func quiet(int, int) {}

func TestReplayGoesWhereTheMessageCameFrom(t *testing.T) {
	b := pipeline(t)
	letters := accounting.DeadLetters(b)
	publish(t, b, "a", "f", "body")
	broken := retry.Never("invalid", errors.New("no title"))
	extract(t, b, broken)
	told := 0
	for n := 1; n <= 7; n++ {
		all := list(t, letters, deadletter.Query{})
		if len(all) != 1 || all[0].Article != "a" || all[0].Replayed != n-1 || all[0].Error != "no title" || all[0].Subject != "raw.x" {
			t.Fatalf("before replay %d: %+v", n, all)
		}
		if got := len(all[0].History); got != min(n-1, 5) {
			t.Errorf("before replay %d: a history of %d", n, got)
		}
		if _, err := letters.Replay(t.Context(), all, func(done, of int) { told += done * of }); err != nil {
			t.Fatal(err)
		}
		got := extract(t, b, broken)
		if len(got) != 1 || got[0].Replay != n || string(got[0].Data) != "body" || got[0].Header[messages.HeaderMsgID] != messages.MsgID("fetcher", "a", 1, n) ||
			got[0].Header[messages.HeaderReason] != "" || got[0].Header[messages.HeaderFeed] != "f" {
			t.Fatalf("replay %d came as %+v", n, got)
		}
	}
	if told != 7 {
		t.Errorf("progress told %d", told)
	}
	if _, err := letters.Replay(t.Context(), list(t, letters, deadletter.Query{}), quiet); err != nil {
		t.Fatal(err)
	}
	extract(t, b, nil)
	if all := list(t, letters, deadletter.Query{}); len(all) != 0 {
		t.Errorf("after the fix: %+v", all)
	}
}

// Dying after the publish and before the letter is removed makes no second message.
func TestReplayTwiceIsOneMessage(t *testing.T) {
	b := pipeline(t)
	publish(t, b, "a", "f", "body")
	extract(t, b, retry.Never("invalid", errors.New("no title")))
	dying := deadletter.New(keeps{accounting.LedgerStreams(b).(deadletter.Stream)}, b, time.Now)
	all := list(t, dying, deadletter.Query{})
	for range 2 {
		if _, err := dying.Replay(t.Context(), all, quiet); !errors.Is(err, errKilled) {
			t.Fatalf("got %v", err)
		}
	}
	if got := extract(t, b, nil); len(got) != 1 {
		t.Errorf("replayed %d times", len(got))
	}
}

var errKilled = errors.New("killed")

// keeps dies instead of removing.
type keeps struct{ deadletter.Stream }

func (keeps) Remove(context.Context, string, uint64) error { return errKilled }

func TestDiscardLeavesARecord(t *testing.T) {
	b := pipeline(t)
	letters := accounting.DeadLetters(b)
	publish(t, b, "a", "f", "body")
	extract(t, b, retry.Never("invalid", errors.New("no title")))
	all := list(t, letters, deadletter.Query{})
	if err := letters.Discard(t.Context(), all, "", quiet); err == nil {
		t.Error("discarded without a note")
	}
	if err := letters.Discard(t.Context(), all, "a test page", quiet); err != nil {
		t.Fatal(err)
	}
	if left := list(t, letters, deadletter.Query{}); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
	records := list(t, letters, deadletter.Query{Discarded: true})
	if len(records) != 1 || records[0].Note != "a test page" || records[0].Discarded.IsZero() || records[0].Article != "a" || records[0].Reason != "invalid" {
		t.Fatalf("records: %+v", records)
	}
	if _, body, err := letters.Open(t.Context(), records[0].ID); err != nil || len(body) != 0 {
		t.Errorf("its body: %q, %v", body, err)
	}
	if left, err := letters.Replay(t.Context(), records, quiet); err != nil || len(left) != 1 || !errors.Is(left[0].Why, deadletter.ErrDiscarded) {
		t.Errorf("replayed a record: %+v, %v", left, err)
	}
}

func TestListSelects(t *testing.T) {
	b := pipeline(t)
	letters := accounting.DeadLetters(b)
	publish(t, b, "a", "one", "x")
	extract(t, b, retry.Never("invalid", errors.New("no title")))
	publish(t, b, "b", "two", "x")
	extract(t, b, retry.Never("mapping", errors.New("odd")))
	first := list(t, letters, deadletter.Query{})[0]
	for _, c := range []struct {
		why   string
		query deadletter.Query
		want  string
	}{
		{"everything, in order", deadletter.Query{}, "ab"},
		{"by stage", deadletter.Query{Stage: "extractor"}, "ab"},
		{"by another stage", deadletter.Query{Stage: "indexer"}, ""},
		{"by reason", deadletter.Query{Reason: "mapping"}, "b"},
		{"by feed", deadletter.Query{Feed: "one"}, "a"},
		{"by id", deadletter.Query{IDs: []uint64{first.ID}}, "a"},
		{"older than the first", deadletter.Query{Before: first.At}, ""},
		{"older than after the first", deadletter.Query{Before: first.At.Add(1)}, "a"},
		{"since after the first", deadletter.Query{Since: first.At.Add(1)}, "b"},
	} {
		got := ""
		for _, l := range list(t, letters, c.query) {
			got += l.Article
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

// A letter that travelled without its body is replayed with the original's, as long as that is there.
func TestBodyIsTakenFromTheOriginal(t *testing.T) {
	b := pipeline(t)
	letters := accounting.DeadLetters(b)
	big := strings.Repeat("x", int(b.MaxPayload())-1100)
	publish(t, b, "a", "f", big)
	extract(t, b, retry.Never("invalid", errors.New(strings.Repeat("long error ", 200))))
	all := list(t, letters, deadletter.Query{})
	if len(all) != 1 {
		t.Fatalf("letters: %+v", all)
	}
	if raw, err := b.Message(t.Context(), messages.StreamDLQ, all[0].ID); err != nil || len(raw.Data) != 0 {
		t.Fatalf("the letter has a body of %d bytes, so this tests nothing (%v)", len(raw.Data), err)
	}
	if _, body, err := letters.Open(t.Context(), all[0].ID); err != nil || string(body) != big {
		t.Errorf("a body of %d bytes, %v", len(body), err)
	}
	if err := b.Remove(t.Context(), messages.StreamRaw, 1); err != nil {
		t.Fatal(err)
	}
	if left, err := letters.Replay(t.Context(), all, quiet); err != nil || len(left) != 1 || !errors.Is(left[0].Why, deadletter.ErrNoBody) {
		t.Errorf("without the original: %+v, %v", left, err)
	}
}

func TestReadable(t *testing.T) {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	page := z.EncodeAll([]byte("<p>page</p>"), nil)
	raw, err := messages.Encode(messages.RawArticle{Version: 1, Page: page, Article: messages.Article{
		ID: "a", Revision: 1, Feed: "f", Source: "s", FirstSeen: time.Unix(1, 0), FetchedAt: time.Unix(1, 0),
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ why, body, want string }{
		{"a packed page is unpacked", string(raw), `page\u003c/p`},
		{"an object is indented", `{"a":1}`, "{\n  \"a\": 1\n}"},
		{"a page that is no zstd stays", `{"page":"aGVsbG8="}`, "aGVsbG8="},
		{"broken JSON is shown as it is", "{", "{"},
		{"bytes are dumped", "\xff\xfe", "ff fe"},
	} {
		if got := deadletter.Readable([]byte(c.body)); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q lacks %q", c.why, got, c.want)
		}
	}
}

// A letter made of something that never was a message is in nobody's way when all are replayed.
func TestReplayOfWhatWasNeverAMessage(t *testing.T) {
	b := pipeline(t)
	letters := accounting.DeadLetters(b)
	err := b.Publish(t.Context(), messages.Outgoing{
		Subject: messages.DLQSubject("fetcher", "unreadable"), ID: "fetcher:x:1", Data: []byte("<item"),
		Header: map[string]string{messages.HeaderStage: "fetcher", messages.HeaderReason: "unreadable", messages.HeaderFeed: "f"},
	})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, b, "a", "f", "body")
	extract(t, b, retry.Never("invalid", errors.New("no title")))
	stays, err := letters.Replay(t.Context(), list(t, letters, deadletter.Query{}), quiet)
	if err != nil || len(stays) != 1 || !errors.Is(stays[0].Why, deadletter.ErrNoMessage) || stays[0].Feed != "f" {
		t.Errorf("left %+v, error %v", stays, err)
	}
	if left := list(t, letters, deadletter.Query{}); len(left) != 1 || left[0].Reason != "unreadable" {
		t.Errorf("left: %+v", left)
	}
}
