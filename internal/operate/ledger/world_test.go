package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"tocsin/internal/assembly/accounting"
	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/internal/bus/bustest"
	"tocsin/internal/operate/ledger"
	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/sqlite"
)

// world is a pipeline whose stages do as the bodies of the messages say, on a real server and a real index.
type world struct {
	t     *testing.T
	bus   *bus.Bus
	index *sqlite.Index
	now   time.Time
	polls uint64
}

func newWorld(t *testing.T, setup bus.SetupOptions) *world {
	t.Helper()
	b := bustest.Live(t, broker.Options{}, setup)
	index, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "index.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = index.Close() })
	return &world{t: t, bus: b, index: index, now: time.Now().UTC()}
}

func (w *world) publish(m messages.Outgoing) {
	w.t.Helper()
	if err := w.bus.Publish(w.t.Context(), m); err != nil {
		w.t.Fatal(err)
	}
}

func headers(feed, id string, revision int) map[string]string {
	return map[string]string{messages.HeaderFeed: feed, messages.HeaderArticle: id, messages.HeaderRevision: strconv.Itoa(revision)}
}

// send publishes one revision to RAW; fate is what the stages make of it: "", "dead", "vanish", "unwritten".
func (w *world) send(feed, id string, revision int, fate string) {
	w.t.Helper()
	w.publish(messages.Outgoing{
		Subject: messages.RawSubject(feed), ID: messages.MsgID(messages.StageFetcher, id, revision, 0),
		Data: []byte(fate), Header: headers(feed, id, revision),
	})
}

func published(id string, revision int) messages.SeenItem {
	return messages.SeenItem{Key: "k" + id, Article: id, Revision: revision, Outcome: "published"}
}

func dropped(id, reason string) messages.SeenItem {
	return messages.SeenItem{Key: "k" + id, Article: id, Outcome: "dropped", Reason: reason}
}

// poll reports one poll.
func (w *world) poll(feed string, items ...messages.SeenItem) messages.PollReport {
	w.t.Helper()
	w.polls++
	r := messages.PollReport{Version: 1, Feed: feed, Source: feed, PollState: w.polls, At: w.now, Status: "ok", Known: 2, Seen: items}
	w.report(r)
	return r
}

func (w *world) report(r messages.PollReport) {
	w.t.Helper()
	data, err := messages.Encode(r)
	if err != nil {
		w.t.Fatal(err)
	}
	w.publish(messages.Outgoing{Subject: messages.FeedSubject(r.Source, messages.EventPolled), Data: data})
}

// work lets both stages run until nothing is left to do.
func (w *world) work() {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan error, 2)
	go func() {
		ended <- w.bus.Consume(ctx, bus.ConsumeOptions{Consumer: messages.ConsumerExtractor, Handle: w.extract})
	}()
	go func() {
		ended <- w.bus.Consume(ctx, bus.ConsumeOptions{Consumer: messages.ConsumerIndexer, Handle: w.write})
	}()
	for _, consumer := range []string{messages.ConsumerExtractor, messages.ConsumerIndexer} {
		for {
			l, err := w.bus.Backlog(ctx, consumer)
			if err != nil {
				w.t.Fatal(err)
			}
			if l.Pending == 0 && l.AckPending == 0 {
				break
			}
			time.Sleep(5 * time.Millisecond) // between two looks at a condition
		}
	}
	stop()
	if err := errors.Join(<-ended, <-ended); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) extract(ctx context.Context, d messages.Delivery) error {
	switch string(d.Data) {
	case "dead":
		return retry.Never("invalid", errors.New("as the test asked"))
	case "vanish":
		return nil
	}
	n, err := strconv.Atoi(d.Header[messages.HeaderRevision])
	if err != nil {
		return err
	}
	id := d.Header[messages.HeaderArticle]
	return w.bus.Publish(ctx, messages.Outgoing{
		Subject: messages.EnrichedSubject("en", "x"), ID: messages.MsgID(messages.StageExtractor, id, n, d.Replay),
		Data: d.Data, Header: map[string]string{messages.HeaderArticle: id, messages.HeaderRevision: strconv.Itoa(n)}, Replay: d.Replay,
	})
}

func (w *world) write(ctx context.Context, d messages.Delivery) error {
	if string(d.Data) == "unwritten" {
		return nil
	}
	n, err := strconv.Atoi(d.Header[messages.HeaderRevision])
	if err != nil {
		return err
	}
	a := messages.EnrichedArticle{Version: 1, Lang: "en", Text: "text", Article: messages.Article{
		ID: d.Header[messages.HeaderArticle], Revision: n, Feed: "x", Source: "x", FirstSeen: w.now, FetchedAt: w.now,
	}}
	_, err = w.index.Write(ctx, []indexer.Document{indexer.NewDocument(a, d.Replay)})
	return err
}

func (w *world) ledger() *ledger.Ledger {
	w.t.Helper()
	closed, err := w.bus.Bucket(w.t.Context(), messages.BucketLedger)
	if err != nil {
		w.t.Fatal(err)
	}
	l, err := ledger.New(ledger.Options{
		Streams: accounting.LedgerStreams(w.bus), Index: w.index, Closed: closed, Now: func() time.Time { return w.now },
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func (w *world) look(q ledger.Query) ledger.Account {
	w.t.Helper()
	a, err := w.ledger().Look(w.t.Context(), q)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// says is a balance on one line.
func says(b ledger.Balance) string {
	return fmt.Sprintf("seen %d published %d known %d duplicate %d filtered %d indexed %d quarantined %d pending %d difference %d",
		b.Seen, b.Published, b.Known, b.Duplicate, b.Filtered, b.Indexed, b.Quarantined, b.Pending, b.Difference)
}

func (w *world) expect(why, want string) ledger.Account {
	w.t.Helper()
	a := w.look(ledger.Query{})
	if got := says(a.Balance); got != want {
		w.t.Errorf("%s:\n got %s\nwant %s\n%+v", why, got, want, a.Behind)
	}
	return a
}
