package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/operate/ledger"
	"tocsin/pkg/messages"
)

func TestEverySightingComesSomewhere(t *testing.T) {
	w := newWorld(t, bus.SetupOptions{})
	w.expect("nothing was seen", "seen 0 published 0 known 0 duplicate 0 filtered 0 indexed 0 quarantined 0 pending 0 difference 0")
	w.send("one", "a", 1, "")
	w.send("one", "b", 1, "dead")
	w.expect("a poll is at work", "seen 2 published 2 known 0 duplicate 0 filtered 0 indexed 0 quarantined 0 pending 2 difference 0")
	again := w.poll("one", published("a", 1), published("b", 1), dropped("c", "revision_limit"), dropped("d", "poll_budget"))
	w.report(again)
	w.poll("two", messages.SeenItem{Key: "ka", Article: "a", Outcome: "duplicate"})
	w.expect("nothing was extracted yet", "seen 5 published 2 known 4 duplicate 1 filtered 1 indexed 0 quarantined 0 pending 3 difference 0")
	w.work()
	w.expect("a dead letter, and an item that was put off", "seen 5 published 2 known 4 duplicate 1 filtered 1 indexed 1 quarantined 1 pending 1 difference 0")
	w.send("one", "d", 1, "")
	w.send("one", "a", 3, "")
	w.send("one", "a", 2, "unwritten")
	w.poll("one", published("d", 1), published("a", 3), published("a", 2))
	w.work()
	a := w.expect("a higher revision stands for the lower", "seen 7 published 5 known 6 duplicate 1 filtered 1 indexed 4 quarantined 1 pending 0 difference 0")
	if len(a.Rows) != 2 || a.Rows[0].Feed != "one" || a.Rows[0].Seen != 6 || a.Rows[1].Duplicate != 1 || len(a.Odd) != 0 {
		t.Errorf("rows %+v, odd %+v", a.Rows, a.Odd)
	}
	if one := w.look(ledger.Query{Feed: "two"}); one.Seen != 1 || len(one.Rows) != 1 {
		t.Errorf("of feed two: %+v", one)
	}
}

func TestWhatIsLostIsNamed(t *testing.T) {
	w := newWorld(t, bus.SetupOptions{})
	fates := map[string]string{"kept": "", "vanished": "vanish", "unwritten": "unwritten", "late": ""}
	var items []messages.SeenItem
	for id, fate := range fates {
		w.send("one", id, 1, fate)
		items = append(items, published(id, 1))
	}
	w.send("one", "late", 2, "vanish")
	w.send("one", "purged", 1, "")
	w.remove("purged")
	w.poll("one", append(items, published("late", 2), published("purged", 1), published("invented", 1), dropped("left", "host_busy"))...)
	w.poll("one")
	w.work()
	w.remove("kept")
	a := w.expect("six are lost", "seen 8 published 7 known 4 duplicate 0 filtered 0 indexed 2 quarantined 0 pending 0 difference 6")
	for id, sentence := range map[string]string{
		"vanished 1": "ENRICHED holds nothing", "unwritten 1": "the indexer settled it", "late 2": "revision 1 only",
		"purged 1": "RAW does not hold it", "invented 1": "RAW does not hold it", "left 0": "had left the feed",
	} {
		if !slices.ContainsFunc(a.Behind, func(f ledger.Finding) bool {
			return fmt.Sprint(f.Article, " ", f.Revision) == id && strings.Contains(f.Sentence, sentence)
		}) {
			t.Errorf("%s is not named with %q among %+v", id, sentence, a.Behind)
		}
	}
	if len(a.Odd) != 1 || a.Odd[0].Article != "kept" {
		t.Errorf("a message gone from RAW after it was indexed: %+v", a.Odd)
	}
}

// remove deletes an article's message from RAW.
func (w *world) remove(id string) {
	w.t.Helper()
	var at uint64
	err := w.bus.Follow(w.t.Context(), bus.FollowOptions{Stream: messages.StreamRaw, Once: true, HeadersOnly: true}, func(d messages.Delivery) error {
		if d.Header[messages.HeaderArticle] == id {
			at = d.Sequence
		}
		return nil
	})
	if err == nil {
		err = w.bus.Remove(w.t.Context(), messages.StreamRaw, at)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestNamelessItemsCountWhenThereAreMore(t *testing.T) {
	w := newWorld(t, bus.SetupOptions{})
	for _, n := range []int{2, 2, 3, 0, 1} {
		w.polls++
		w.report(messages.PollReport{Version: 1, Feed: "f", Source: "f", PollState: w.polls, At: w.now, Status: "ok", Dropped: map[string]int{"unreadable": n}})
	}
	w.expect("two, one more, then one after none", "seen 4 published 0 known 0 duplicate 0 filtered 4 indexed 0 quarantined 0 pending 0 difference 0")
}

// The letters of unreadable items have no article: the books balance with them and without.
func TestUnreadableItemsAreInTheBooks(t *testing.T) {
	w := newWorld(t, bus.SetupOptions{})
	w.send("f", "a", 1, "")
	w.poll("f", published("a", 1))
	w.polls++
	w.report(messages.PollReport{Version: 1, Feed: "f", Source: "f", PollState: w.polls, At: w.now, Status: "ok", Dropped: map[string]int{"unreadable": 2}})
	for _, key := range []string{"x", "y"} {
		err := w.bus.Publish(t.Context(), messages.Outgoing{
			Subject: messages.DLQSubject(messages.StageFetcher, "unreadable"), ID: messages.MsgID(messages.StageFetcher, key, 1, 0), Data: []byte("<item"),
			Header: map[string]string{messages.HeaderStage: messages.StageFetcher, messages.HeaderReason: "unreadable", messages.HeaderFeed: "f"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	w.work()
	a := w.expect("one article and two items nobody can read", "seen 3 published 1 known 2 duplicate 0 filtered 2 indexed 1 quarantined 0 pending 0 difference 0")
	if len(a.Odd) != 0 || len(a.Behind) != 0 {
		t.Errorf("odd %+v, behind %+v", a.Odd, a.Behind)
	}
}

func TestSinceLeavesOutEarlierHours(t *testing.T) {
	w := newWorld(t, bus.SetupOptions{})
	w.send("f", "a", 1, "")
	w.now = w.now.Add(-3 * time.Hour)
	w.poll("f", published("a", 1), published("old", 1))
	w.now = w.now.Add(3 * time.Hour)
	w.poll("f", published("new", 1))
	a := w.look(ledger.Query{Since: w.now.Add(-time.Hour)})
	if a.Seen != 1 || len(a.Behind) != 1 || a.Behind[0].Article != "new" {
		t.Errorf("since an hour ago: %+v", a)
	}
}

func TestClosedHoursOutliveTheStreams(t *testing.T) {
	w := newWorld(t, bus.SetupOptions{})
	w.now = w.now.Add(-6 * 24 * time.Hour) // so that what the clock comes to is past, as the streams know it
	start := w.now
	w.send("f", "a", 1, "")
	w.poll("f", published("a", 1))
	w.work()
	w.now = start.Add(time.Hour) // too early
	w.close()
	if keys := w.closedKeys(); slices.Contains(keys, start.Format("2006010215")) {
		t.Fatalf("closed an hour that had just ended: %v", keys)
	}
	w.poll("f", published("lost", 1))
	w.now = start.Add(8 * time.Hour)
	w.close()
	keys := w.closedKeys()
	if !slices.Contains(keys, start.Format("2006010215")) || slices.Contains(keys, start.Add(time.Hour).Format("2006010215")) {
		t.Fatalf("after eight hours the even hour must be closed and the uneven not: %v", keys)
	}
	w.now = start.Add(4 * 24 * time.Hour) // past half of the seven days of RAW
	w.close()
	w.remove("a")
	for sequence := range uint64(2) {
		if err := w.bus.Remove(t.Context(), messages.StreamEvents, sequence+1); err != nil {
			t.Fatal(err)
		}
	}
	w.now = start.Add(5 * 24 * time.Hour)
	a := w.expect("the reports are gone", "seen 2 published 2 known 4 duplicate 0 filtered 0 indexed 1 quarantined 0 pending 0 difference 1")
	if len(a.Behind) != 1 || a.Behind[0].Article != "lost" || !a.Rows[0].Closed {
		t.Errorf("closed balances: %+v", a)
	}
	w.now = start.Add(15 * 24 * time.Hour) // no open hour is as old as that
	if later, err := w.ledger().Close(t.Context()); err != nil || later.Difference != 0 || later.Earlier != 1 {
		t.Errorf("long after: %+v, %v; want the loss in a closed hour still told", later, err)
	}
	w.now = start.Add(40 * 24 * time.Hour)
	if later, err := w.ledger().Close(t.Context()); err != nil || later.Earlier != 0 {
		t.Errorf("after a month: %+v, %v", later, err)
	}
	if other := w.look(ledger.Query{Feed: "other"}); other.Seen != 0 || len(other.Behind) != 0 {
		t.Errorf("of another feed: %+v", other)
	}
}

func (w *world) close() {
	w.t.Helper()
	if _, err := w.ledger().Close(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) closedKeys() []string {
	w.t.Helper()
	bucket, err := w.bus.Bucket(w.t.Context(), messages.BucketLedger)
	if err != nil {
		w.t.Fatal(err)
	}
	keys, err := bucket.Keys(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return keys
}
