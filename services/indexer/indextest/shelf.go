package indextest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/services/indexer"
)

// testShelf drops a month. What was published in it and first seen later stays.
func testShelf(t *testing.T, x Index) {
	shelf, ok := x.Writer.(indexer.Shelf)
	if !ok {
		t.Fatalf("%T does not implement indexer.Shelf", x.Writer)
	}
	books, ok := x.Writer.(indexer.Accountant)
	if !ok {
		t.Fatalf("%T does not implement indexer.Accountant", x.Writer)
	}
	var docs []indexer.Document
	ids := []string{"none"}
	for i, seen := range []time.Time{day(2025, 11, 30), day(2025, 12, 1), day(2025, 12, 31), day(2026, 1, 1)} {
		a := Article(fmt.Sprintf("m%d", i), day(2025, 11, 2), "Month", "The moon over Elsinore.", nil)
		a.FirstSeen, a.FetchedAt = seen, seen
		docs, ids = append(docs, indexer.NewDocument(a, 0)), append(ids, a.ID)
	}
	x.write(t, docs...)
	months := func(why string, before time.Time, want ...string) []indexer.Month {
		t.Helper()
		all, err := shelf.Months(t.Context(), before)
		if err != nil {
			t.Fatalf("%s: %v", why, err)
		}
		var got []string
		for _, m := range all {
			got = append(got, fmt.Sprintf("%s %d", m.Start.Format(indexer.MonthLayout), m.Documents))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", why, diff)
		}
		return all
	}
	all := months("all that ended with December", day(2026, 1, 1), "2025.11 1", "2025.12 2")
	months("December is not over", day(2025, 12, 31), "2025.11 1")
	months("nothing ended so early", day(2025, 11, 1))
	if n, err := shelf.Holds(t.Context(), all[1], ids); err != nil || n != 2 {
		t.Errorf("December holds %d of them (%v), want 2", n, err)
	}
	for range 2 { // the second time there is nothing left
		if err := shelf.Drop(t.Context(), all[1]); err != nil {
			t.Fatal(err)
		}
	}
	months("without December", day(2026, 1, 1), "2025.11 1")
	if n, err := shelf.Holds(t.Context(), all[1], ids); err != nil || n != 0 {
		t.Errorf("December still holds %d (%v)", n, err)
	}
	x.accounts(t, books, "the other months stay", ids, map[string]int{"m0": 1, "m3": 1})
	page, err := x.Reader.Search(t.Context(), indexer.Query{Text: "moon"})
	if err != nil || page.Total != 2 {
		t.Errorf("%d articles are found, want 2 (%v)", page.Total, err)
	}
	x.write(t, docs[1]) // revised once more
	months("one comes back", day(2026, 1, 1), "2025.11 1", "2025.12 1")
}
