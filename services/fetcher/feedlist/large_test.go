package feedlist

import (
	"fmt"
	"reflect"
	"testing"
)

// TestHundredThousand writes and reads a list of 100,000 feeds in as many folders as feeds and beside them: nothing in it
// may cost time by the square.
func TestHundredThousand(t *testing.T) {
	entries := make([]Entry, 100_000)
	for i := range entries {
		entries[i] = Entry{URL: fmt.Sprintf("https://paper-%d.example/rss.xml", i), Name: fmt.Sprintf("Paper %d", i)}
		if i%2 == 1 {
			entries[i].Tags = []string{"papers", fmt.Sprintf("folder %d", i)}
		}
	}
	data, err := OPML("all", entries)
	if err != nil {
		t.Fatal(err)
	}
	got, problems, err := Parse(data)
	if err != nil || len(problems) != 0 || len(got) != len(entries) {
		t.Fatalf("%d feeds, %d problems, %v", len(got), len(problems), err)
	}
	byURL := map[string]Entry{}
	for _, e := range got {
		e.Line = 0
		byURL[e.URL] = e
	}
	for _, e := range entries {
		if !reflect.DeepEqual(byURL[e.URL], e) {
			t.Fatalf("got %+v, want %+v", byURL[e.URL], e)
		}
	}
}
