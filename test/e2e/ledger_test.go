package e2e

import (
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to break an index by hand

	"tocsin/internal/bus"
	"tocsin/internal/newsroom"
	"tocsin/internal/operate/deadletter"
	"tocsin/internal/operate/ledger"
	"tocsin/pkg/messages"
)

// books is what `tocsin ledger` says.
func books(t *testing.T, flags ...string) ledger.Account {
	t.Helper()
	out := mustRun(t, "tocsin", append([]string{"ledger", "--json"}, flags...)...)
	return decodeLines[ledger.Account](t, out)[0]
}

// even waits until everything that was seen has come somewhere for good.
func even(t *testing.T, seen int, flags ...string) ledger.Account {
	t.Helper()
	var a ledger.Account
	eventually(t, func() error {
		if a = books(t, flags...); a.Seen != seen || a.Pending != 0 || a.Difference != 0 {
			return fmt.Errorf("the ledger says %+v; want %d seen and nothing pending", a, seen)
		}
		return nil
	})
	return a
}

// What is broken by hand is named: a document deleted from the index, a message purged from RAW, an id that a report
// invents.
func TestLedgerNamesWhatIsBrokenByHand(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		index := filepath.Join(t.TempDir(), "index.db")
		brokenByHand(t, []string{"--sqlite", index}, func(id string) {
			db, err := sql.Open("sqlite", index)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			if _, err := db.ExecContext(t.Context(), "PRAGMA busy_timeout=5000; DELETE FROM article WHERE id = ?", id); err != nil {
				t.Fatal(err)
			}
		})
	})
	t.Run("Elasticsearch", func(t *testing.T) {
		index := elasticFlags(t)
		brokenByHand(t, index, func(id string) {
			month := index[3] + "-v1-" + time.Now().UTC().Format("2006.01")
			req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, index[1]+"/"+month+"/_doc/"+id, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close() // the status says all
			if answer.StatusCode != http.StatusOK {
				t.Fatalf("delete %s: %s", id, answer.Status)
			}
		})
	})
}

// brokenByHand breaks a pipeline on the index of these flags; drop deletes a document there.
func brokenByHand(t *testing.T, index []string, drop func(id string)) {
	room := serve(t, []newsroom.Item{
		{Title: "Envoy arrives", Text: "Oto Brandsma arrived on Monday."},
		{Title: "Envoy leaves", Text: "Oto Brandsma left on Tuesday."},
		{Title: "Ferry sails", Text: "The ferry sailed on Wednesday."},
	}, newsroom.Options{})
	url := natsServer(t).URL()
	flags := append([]string{"--nats", url}, index...)
	mustRun(t, "tocsin", append([]string{"setup"}, flags...)...)
	admin := freeAddress(t)
	start(t, "indexer", append([]string{"--books", "200ms", "--admin", admin}, flags...)...)
	extractor := start(t, "extractor", "--nats", url, "--ner", "none")
	poller := start(t, "fetcher", "--nats", url, "--feeds", feedList(t, room.Feeds()), "--allow-private", "127.0.0.0/8")
	eventually(t, func() error {
		_, errs, code := run(t, "tocsin", append([]string{"ledger"}, flags...)...)
		return exit(code, errs)
	})
	even(t, 3, flags...)
	poller.stop()
	b := connect(t, url)

	id := newest(t, b)
	drop(id)
	wantBehind(t, books(t, flags...), map[string]string{id: "was it deleted there?"})

	extractor.stop()
	purged := send(t, b, "purged")
	if a := books(t, flags...); a.Pending != 1 || a.Difference != 1 {
		t.Errorf("an article nobody has extracted: %+v", a)
	}
	if err := b.Remove(t.Context(), messages.StreamRaw, purged); err != nil {
		t.Fatal(err)
	}
	report(t, b, "purged", "invented")
	behind := map[string]string{id: "was it deleted there?", "purged": "RAW does not hold it", "invented": "RAW does not hold it"}
	wantBehind(t, books(t, flags...), behind)
	eventually(t, func() error { return scraped(admin, "tocsin_ledger_difference 3") })
	out := mustRun(t, "tocsin", append([]string{"ledger", "--since", "5h"}, flags...)...)
	for name := range behind {
		if !strings.Contains(out, name+" revision 1 of feed") {
			t.Errorf("the table does not name %s:\n%s", name, out)
		}
	}
	if a := books(t, append([]string{"--feed", "nobody"}, flags...)...); a.Seen != 2 || a.Difference != 2 {
		t.Errorf("of feed nobody alone: %+v", a)
	}
}

// scraped returns nil when a process's metrics hold the line.
func scraped(admin, line string) error {
	answer, err := http.Get("http://" + admin + "/metrics")
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err == nil && !strings.Contains(string(body), "\n"+line+"\n") {
		err = fmt.Errorf("the metrics lack %q", line)
	}
	return err
}

func exit(code int, errs string) error {
	if code != 0 {
		return fmt.Errorf("ended with %d: %s", code, errs)
	}
	return nil
}

func wantBehind(t *testing.T, a ledger.Account, want map[string]string) {
	t.Helper()
	if a.Difference != len(want) || len(a.Behind) != len(want) {
		t.Errorf("a difference of %d: %+v; want %v", a.Difference, a.Behind, want)
	}
	for _, f := range a.Behind {
		if sentence, ok := want[f.Article]; !ok || !strings.Contains(f.Sentence, sentence) {
			t.Errorf("named %+v; want %v", f, want)
		}
	}
}

// newest is the id of the last article in RAW.
func newest(t *testing.T, b *bus.Bus) (id string) {
	t.Helper()
	err := b.Follow(t.Context(), bus.FollowOptions{Stream: messages.StreamRaw, Once: true, HeadersOnly: true}, func(d messages.Delivery) error {
		id = d.Header[messages.HeaderArticle]
		return nil
	})
	if err != nil || id == "" {
		t.Fatalf("newest article %q, %v", id, err)
	}
	return id
}

// send publishes an article as a fetcher would, but that no extractor can read it, and returns its sequence.
func send(t *testing.T, b *bus.Bus, id string) uint64 {
	t.Helper()
	err := b.Publish(t.Context(), messages.Outgoing{
		Subject: messages.RawSubject("nobody"), ID: messages.MsgID(messages.StageFetcher, id, 1, 0), Data: []byte("{"),
		Header: map[string]string{messages.HeaderArticle: id, messages.HeaderRevision: "1", messages.HeaderFeed: "nobody"},
	})
	if err != nil {
		t.Fatal(err)
	}
	x, err := b.Extent(t.Context(), messages.StreamRaw)
	if err != nil {
		t.Fatal(err)
	}
	return x.Last
}

// report tells of a poll that published the articles.
func report(t *testing.T, b *bus.Bus, ids ...string) {
	t.Helper()
	r := messages.PollReport{Version: 1, Feed: "nobody", Source: "nobody", PollState: 1, At: time.Now().UTC(), Status: "ok"}
	for _, id := range ids {
		r.Seen = append(r.Seen, messages.SeenItem{Key: "k", Article: id, Revision: 1, Outcome: "published"})
	}
	data, err := messages.Encode(r)
	if err == nil {
		err = b.Publish(t.Context(), messages.Outgoing{Subject: messages.FeedSubject("nobody", messages.EventPolled), Data: data})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Dead letters stay in the books: quarantined while they lie there, replayed, or put away; indexed once they came through.
func TestDeadLettersStayInTheBooks(t *testing.T) {
	room := serve(t, []newsroom.Item{{Title: "Envoy arrives", Text: "Oto Brandsma arrived on Monday."}}, newsroom.Options{})
	data := t.TempDir()
	_, at := startTocsin(t, data, "--ner", "none", "--feeds", feedList(t, room.Feeds()))
	b, flag := connect(t, at.NATS), "--data="+data
	for _, id := range []string{"one", "two", "three"} {
		send(t, b, id)
	}
	report(t, b, "one", "two", "three")
	if a := even(t, 4, flag); a.Quarantined != 3 || a.Indexed != 1 {
		t.Errorf("three cannot be read: %+v", a)
	}
	letters := decodeLines[deadletter.Letter](t, mustRun(t, "tocsin", "dlq", "list", "--json", flag, "--stage", "extractor", "--feed", "nobody"))
	if len(letters) != 3 || letters[0].Article != "one" || letters[0].Reason != "undecodable" {
		t.Fatalf("listed: %+v", letters)
	}
	if out := mustRun(t, "tocsin", "dlq", "show", flag, fmt.Sprint(letters[0].ID)); !strings.Contains(out, "from raw.nobody") || !strings.HasSuffix(out, "\n{\n") {
		t.Errorf("shown: %q", out)
	}

	mend(t, b, letters[0])
	mustRun(t, "tocsin", "dlq", "replay", flag, "--reason", "undecodable")
	mustRun(t, "tocsin", "dlq", "discard", flag, "--note", "a test", "--all", "--older", "1000h") // none is that old
	if a := even(t, 4, flag); a.Quarantined != 2 || a.Indexed != 2 {
		t.Errorf("one of three was mended: %+v", a)
	}
	if out := mustRun(t, "tocsin", "search", flag, "mended"); !strings.Contains(out, "1 of 1") {
		t.Errorf("the mended article is not found: %s", out)
	}
	eventually(t, func() error {
		letters = decodeLines[deadletter.Letter](t, mustRun(t, "tocsin", "dlq", "list", "--json", flag))
		if len(letters) != 2 || letters[0].Replayed != 1 || len(letters[0].History) != 1 {
			return fmt.Errorf("after the replay: %+v", letters)
		}
		return nil
	})
	mustRun(t, "tocsin", "dlq", "discard", flag, "--note", "nobody needs it", "--all")
	if out := mustRun(t, "tocsin", "dlq", "list", flag); !strings.Contains(out, "No dead letters.") {
		t.Errorf("after discarding: %s", out)
	}
	if out := mustRun(t, "tocsin", "dlq", "list", "--discarded", flag); strings.Count(out, "discarded: nobody needs it") != 2 {
		t.Errorf("records: %s", out)
	}
	if a := even(t, 4, flag); a.Quarantined != 2 || a.Indexed != 2 {
		t.Errorf("after discarding: %+v", a)
	}
}

// mend puts a readable article in the place of a letter's body, as the fix of a producer would.
func mend(t *testing.T, b *bus.Bus, l deadletter.Letter) {
	t.Helper()
	now := time.Now().UTC()
	body, err := messages.Encode(messages.RawArticle{Version: 1, FeedContent: "A mended article.", Article: messages.Article{
		ID: l.Article, Revision: 1, Feed: l.Feed, Source: "nobody", Title: "Mended", FirstSeen: now, FetchedAt: now,
	}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := b.Message(t.Context(), messages.StreamDLQ, l.ID)
	if err == nil {
		delete(d.Header, messages.HeaderMsgID)
		err = b.Publish(t.Context(), messages.Outgoing{Subject: d.Subject, Data: body, Header: d.Header})
	}
	if err == nil {
		err = b.Remove(t.Context(), messages.StreamDLQ, l.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
}
