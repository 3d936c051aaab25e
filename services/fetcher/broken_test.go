package fetcher_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/pkg/messages"
)

// damaged is an item that no reader can make sense of.
func damaged(name string) string {
	return `<item><title>` + name + `</title><link>https://e.com/` + name + `</link><<<</item>`
}

func TestUnreadableItemsAreSetAsideOnce(t *testing.T) {
	w, f := polled(t, item("a"), damaged("b"), item("c"))
	letters := w.bus.Published("dlq.")
	if len(letters) != 1 {
		t.Fatalf("%d dead letters, want one: %+v", len(letters), w.lastReport())
	}
	l := letters[0]
	if l.Subject != "dlq.fetcher.unreadable" || string(l.Data) != damaged("b") || l.Header[messages.HeaderFeed] != "news" ||
		l.Header[messages.HeaderReason] != "unreadable" || l.Header[messages.HeaderStage] != "fetcher" || l.Header[messages.HeaderError] == "" {
		t.Errorf("the letter: %s %v %q", l.Subject, l.Header, l.Data)
	}
	if l.Header[messages.HeaderArticle] != "" || w.lastReport().Dropped["unreadable"] != 1 {
		t.Error("the books count it as dropped, so the letter may name no article")
	}
	for range 3 {
		w.clock.Advance(48 * time.Hour) // far beyond what the stream remembers of ids
		w.serve(news, item("d"), item("a"), damaged("b"))
		w.poll(f, "news")
	}
	if n := len(w.bus.Published("dlq.")); n != 1 {
		t.Errorf("%d dead letters after the same item was met again, want one", n)
	}
	w.serve(news, damaged("e"), damaged("b"))
	w.poll(f, "news")
	if n := len(w.bus.Published("dlq.")); n != 2 {
		t.Errorf("%d dead letters after another one, want two", n)
	}
	if len(w.raws()) != 3 {
		t.Errorf("%d articles, want those that can be read", len(w.raws()))
	}
}

func TestDeadLettersOfAFeedAreBounded(t *testing.T) {
	w, f := polled(t, item("a"))
	for n := range 4 {
		items := []string{item("a")}
		for i := range 25 {
			items = append(items, damaged(fmt.Sprintf("p%di%d", n, i)))
		}
		w.serve(news, items...)
		w.poll(f, "news")
		if r := w.lastReport(); !strings.Contains(r.Sentence, "were not copied to the dead letters") {
			t.Errorf("poll %d does not say what was left out: %s", n, r.Sentence)
		}
	}
	if n := len(w.bus.Published("dlq.")); n != 50 {
		t.Errorf("%d dead letters in a day, want 50", n)
	}
	var large []string
	for i := range 10 {
		large = append(large, damaged(fmt.Sprintf("large%d", i)+strings.Repeat("x", 60<<10)))
	}
	w.clock.Advance(25 * time.Hour)
	w.serve(news, append(large, item("a"))...)
	w.poll(f, "news")
	if n := len(w.bus.Published("dlq.")) - 50; n != 4 {
		t.Errorf("%d large ones were set aside, want the four that fit 256 KiB", n)
	}
}
