package watch_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tocsin/services/extractor/watch"
	"tocsin/services/extractor/watch/watchlist"
)

// shared is the folder of development data: TOCSIN_SHARED, else "shared" beside the module.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("TOCSIN_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("development data not there (set TOCSIN_SHARED): %v", err)
	}
	return path
}

type goldArticle struct {
	File  string
	Watch []struct {
		Text       string
		Start, End int
		Kind       string
	}
}

func khalimov() watch.Entry {
	return watch.Entry{ID: "khalimov", List: "wanted", Names: []watch.Name{{Text: "Gulmurod Khalimov"}}}
}

func ofacIndividuals(t *testing.T) []watch.Entry {
	t.Helper()
	var files []watchlist.File
	for _, name := range []string{"ofac_sdn.csv.gz", "ofac_alt.csv.gz"} {
		data, err := os.ReadFile(shared(t, "data", "names", name))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, watchlist.File{Name: name, Data: data})
	}
	entries, _, err := watchlist.ParseFiles(watchlist.OFAC, files...)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(entries, func(e watch.Entry) bool { return e.Kind != watch.Person })
}

// TestSeeds lays one spelling, and then OFAC's individuals besides, over five real articles.
func TestSeeds(t *testing.T) {
	var gold []goldArticle
	data, err := os.ReadFile(shared(t, "seeds", "gold.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &gold); err != nil {
		t.Fatal(err)
	}
	for _, setup := range []struct {
		sentence string
		entries  []watch.Entry
	}{
		{"one entry spelled one way", []watch.Entry{khalimov()}},
		{"with the individuals of OFAC besides", append(ofacIndividuals(t), khalimov())},
	} {
		t.Run(setup.sentence, func(t *testing.T) {
			x, _ := watch.Compile(setup.entries, watch.Options{})
			found := 0
			for _, a := range gold {
				text, err := os.ReadFile(shared(t, "seeds", a.File))
				if err != nil {
					t.Fatal(err)
				}
				found += checkSeed(t, a, string(text), x.Find(watch.Doc{Text: string(text)}))
			}
			if found != 19 {
				t.Errorf("found %d of 19 gold mentions", found)
			}
		})
	}
}

func checkSeed(t *testing.T, a goldArticle, text string, matches []watch.Match) (found int) {
	t.Helper()
	for _, m := range matches {
		if m.Entry != "khalimov" && !strings.Contains(strings.ToUpper(m.Name), "KHALIMOV") {
			t.Errorf("%s: false alert %s %q on %q at %.1f bits of %.1f: %v %v %v", a.File, m.Entry, m.Name, text[m.Best.Start:m.Best.End], m.Bits, m.Threshold, m.Parts, m.Penalties, m.Context)
		}
		if m.Entry != "khalimov" {
			continue
		}
		t.Logf("%s: %q %.1f bits of %.1f, %d mentions", a.File, text[m.Best.Start:m.Best.End], m.Bits, m.Threshold, len(m.Mentions))
		for _, g := range a.Watch {
			if slices.Contains(m.Mentions, watch.Span{Start: g.Start, End: g.End}) {
				found++
			} else {
				t.Logf("%s: missed %q at %d; got %v", a.File, g.Text, g.Start, m.Mentions)
			}
		}
	}
	return found
}
