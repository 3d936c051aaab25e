package sqlite_test

import (
	"testing"
	"time"

	"tocsin/services/indexer"
	"tocsin/services/indexer/indextest"
	"tocsin/services/indexer/sqlite"
)

// FuzzSearch asks any question: no text is a syntax error, and a question that excludes a word never finds it.
func FuzzSearch(f *testing.F) {
	for _, text := range []string{`fire "in Łódź" OR -drill khal*`, `" AND NEAR(a b) ^c {title}: d + "`, "a\x00b ½ ﬁ '", `-"x`} {
		f.Add(text)
	}
	x, err := sqlite.Open(f.Context(), sqlite.Options{Path: f.TempDir() + "/index.db"})
	if err != nil {
		f.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	a := indextest.Article("a", time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), "Fire in Łódź", "Nobody was hurt.", nil)
	if _, err := x.Write(f.Context(), []indexer.Document{indexer.NewDocument(a, 0)}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, sort := range []string{indexer.SortNewest, indexer.SortRelevance} {
			if len(text) > indexer.MaxText-10 {
				t.Skip()
			}
			if _, err := x.Search(t.Context(), indexer.Query{Text: text, Sort: sort}); err != nil {
				t.Fatalf("search %q: %v", text, err)
			}
			page, err := x.Search(t.Context(), indexer.Query{Text: "-lodz " + text, Sort: sort})
			if err != nil || page.Total > 0 {
				t.Fatalf("search %q without a word that is there: %d hits, %v", text, page.Total, err)
			}
		}
	})
}
