package fetcher_test

import (
	"strings"
	"testing"
	"time"
)

// TestANewEditionOfAnItem gives items new ids and addresses and tells what comes of each by what else is said of it.
func TestANewEditionOfAnItem(t *testing.T) {
	first := titledItem("one", "Council rejects the harbour plan", "It met on Monday.", 0)
	for _, c := range []struct {
		about     string
		then      []string
		later     time.Duration
		articles  int
		revisions int
	}{
		{"the same words under a new address are known", []string{titledItem("two", "Council rejects the harbour plan", "It met on Monday.", 0)}, time.Hour, 1, 1},
		{"other words under the same title are a revision", []string{titledItem("two", "Council Rejects the Harbour Plan!", "It met on Tuesday.", 0)}, time.Hour, 1, 2},
		{"both at once are two articles", []string{first, titledItem("two", "Council rejects the harbour plan", "It met on Tuesday.", 0)}, time.Hour, 2, 2},
		{"a title that comes again days later with other words is another article", []string{titledItem("two", "Council rejects the harbour plan", "It met again.", 72*time.Hour)}, 72 * time.Hour, 2, 2},
		{"after a week it is another article in any case", []string{titledItem("two", "Council rejects the harbour plan", "It met on Monday.", 0)}, 8 * 24 * time.Hour, 2, 2},
		{"a short title tells nothing", []string{titledItem("two", "Weather", "Rain.", 0), titledItem("three", "Weather", "Sun.", 0)}, time.Hour, 3, 3},
	} {
		t.Run(c.about, func(t *testing.T) {
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

// titledItem is an item with words of its own, dated after the start.
func titledItem(name, title, summary string, after time.Duration) string {
	s := strings.Replace(item(name), "<title>"+name+" </title>", "<title>"+title+"</title><description>"+summary+"</description>", 1)
	return strings.Replace(s, start.Add(-time.Hour).Format(time.RFC1123Z), start.Add(after-time.Hour).Format(time.RFC1123Z), 1)
}
