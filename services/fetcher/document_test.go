package fetcher_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"tocsin/services/fetcher"
)

// TestKnownByBytes: what is remembered by its bytes needs no reading, and the rest of the document still decides what is new.
func TestKnownByBytes(t *testing.T) {
	tied := func(guid, link, title string) string {
		return fmt.Sprintf("<item><title>%s</title><link>https://e.com/%s</link><guid>%s</guid></item>", title, link, guid)
	}
	for _, c := range []struct {
		why                string
		first, second      []string
		published, lastNew int
	}{
		{"one new before two known", []string{item("a"), item("b")}, []string{item("c"), item("a"), item("b")}, 3, 1},
		{"a new item with the guid of a known one is another article", []string{tied("1", "x", "X")}, []string{tied("1", "y", "Y"), tied("1", "x", "X")}, 2, 1},
		{"a new item with the link of a known one is another article", []string{tied("1", "live", "One")}, []string{tied("2", "live", "Two"), tied("1", "live", "One")}, 2, 1},
	} {
		t.Run(c.why, func(t *testing.T) {
			w, f := polled(t, c.first...)
			w.serve(news, c.second...)
			w.poll(f, "news")
			r := w.lastReport()
			if len(w.raws()) != c.published || r.New != c.lastNew || r.Items != len(c.second) {
				t.Errorf("%d articles published, want %d; report %+v", len(w.raws()), c.published, r)
			}
			for i, a := range w.raws() {
				if a.Revision != 1 {
					t.Errorf("article %d came as revision %d", i, a.Revision)
				}
			}
		})
	}
}

// TestSeenForms reads what earlier versions packed without hashes, and what this one packs.
func TestSeenForms(t *testing.T) {
	var old fetcher.Seen
	if err := json.Unmarshal([]byte(`"AAAAAAAAAAEAAAAAAAAAAgAAAAAAAAADAAAAAAAAAAQAAAAAAAAABQAAAAAAAAAG"`), &old); err != nil {
		t.Fatal(err)
	}
	if len(old) != 2 || old[1] != (fetcher.SeenItem{Key: 4, Article: 5, Content: 6}) {
		t.Errorf("packed without hashes: %+v", old)
	}
	old[0].Hash = 1 << 63
	data, err := json.Marshal(old)
	if err != nil {
		t.Fatal(err)
	}
	var again fetcher.Seen
	if err := json.Unmarshal(data, &again); err != nil || len(again) != 2 || again[0] != old[0] || again[1] != old[1] {
		t.Errorf("%s became %+v, %v", data, again, err)
	}
	if err := json.Unmarshal([]byte(`"2:AAAA"`), &again); err == nil {
		t.Error("three bytes are no item")
	}
}
