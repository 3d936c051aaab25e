package fetcher_test

import (
	"strings"
	"testing"
	"time"
)

// TestANewEditionOfAnItem gives items new ids and addresses and tells what comes of each by what else is said of it.
func TestANewEditionOfAnItem(t *testing.T) {
	long := "The council met on Monday behind closed doors. Nine of the fifteen members voted against the plan of the harbour, among them both liberals, and the mayor left the hall without a word to the reporters who waited outside."
	first := titledItem("one", "Council rejects the harbour plan", "It met on Monday.", 0)
	for _, c := range []struct {
		about     string
		then      []string
		later     time.Duration
		text      string // of the first, instead of its own
		articles  int
		revisions int
	}{
		{"the same words under a new address are known", []string{titledItem("two", "Council rejects the harbour plan", "It met on Monday.", 0)}, time.Hour, "", 1, 1},
		{"other words under the same title are a revision", []string{titledItem("two", "Council Rejects the Harbour Plan!", "It met on Tuesday.", 0)}, time.Hour, "", 1, 2},
		{"both at once are two articles", []string{first, titledItem("two", "Council rejects the harbour plan", "It met on Tuesday.", 0)}, time.Hour, "", 2, 2},
		{"a title that comes again days later with other words is another article", []string{titledItem("two", "Council rejects the harbour plan", "It met again.", 72*time.Hour)}, 72 * time.Hour, "", 2, 2},
		{"after a week it is another article in any case", []string{titledItem("two", "Council rejects the harbour plan", "It met on Monday.", 0)}, 8 * 24 * time.Hour, "", 2, 2},
		{"a short title tells nothing", []string{titledItem("two", "Weather", "Rain.", 0), titledItem("three", "Weather", "Sun.", 0)}, time.Hour, "", 3, 3},
		{"the same long text under another title and address is a revision", []string{titledItem("two", "Harbour plan fails in council", long, 0)}, time.Hour, long, 1, 2},
		{"a short text under another title tells nothing", []string{titledItem("two", "Harbour plan fails in council", "It met on Monday.", 0)}, time.Hour, "", 2, 2},
		{"the same long text days later under another title is another article", []string{titledItem("two", "Harbour plan fails in council", long, 72*time.Hour)}, 72 * time.Hour, long, 2, 2},
		{"the same text beside the first is another article", []string{titledItem("one", "Council rejects the harbour plan", long, 0), titledItem("two", "Harbour plan fails in council", long, 0)}, time.Hour, long, 2, 2},
	} {
		t.Run(c.about, func(t *testing.T) {
			first := first
			if c.text != "" {
				first = titledItem("one", "Council rejects the harbour plan", c.text, 0)
			}
			w, f := polled(t, first)
			w.clock.Advance(c.later)
			w.serve(news, c.then...)
			w.poll(f, "news")
			ids := map[string]bool{}
			for _, r := range w.raws() {
				ids[r.ID] = true
			}
			if len(ids) != c.articles || len(w.raws()) != c.revisions {
				t.Errorf("%d articles, %d messages; want %d, %d", len(ids), len(w.raws()), c.articles, c.revisions)
			}
		})
	}
}

// TestRevisionsSayWhatChanged edits an item in one way after the other.
func TestRevisionsSayWhatChanged(t *testing.T) {
	const title, text = "Council rejects the harbour plan", "It met on Monday."
	for _, c := range []struct {
		about, then, want string
	}{
		{"another title", titledItem("one", "Council accepts the harbour plan", text, 0), "the title"},
		{"another text", titledItem("one", title, "It met on Tuesday.", 0), "the text"},
		{"all of it", titledItem("one", "Council accepts the harbour plan", "It met on Tuesday.", time.Hour), "the title, the text, the date"},
		{"a new date alone is no revision", titledItem("one", title, text, time.Hour), ""},
		{"nor are white space, case and punctuation", titledItem("one", "COUNCIL  rejects: the harbour plan!", text, 0), ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			w, f := polled(t, titledItem("one", title, text, 0))
			w.clock.Advance(time.Hour)
			w.serve(news, c.then)
			w.poll(f, "news")
			var said []string
			for _, n := range w.raws()[len(w.raws())-1].Notes {
				if changed, ok := strings.CutPrefix(n, "changed since the revision before: "); ok {
					said = append(said, changed)
				}
			}
			if strings.Join(said, "|") != c.want || len(w.raws()) != 1+min(1, len(c.want)) {
				t.Errorf("%d messages, the last says that it changed %q; want %q", len(w.raws()), said, c.want)
			}
		})
	}
}

// titledItem is an item with words of its own, dated after the start.
func titledItem(name, title, summary string, after time.Duration) string {
	s := strings.Replace(item(name), "<title>"+name+" </title>", "<title>"+title+"</title><description>"+summary+"</description>", 1)
	return strings.Replace(s, start.Add(-time.Hour).Format(time.RFC1123Z), start.Add(after-time.Hour).Format(time.RFC1123Z), 1)
}
