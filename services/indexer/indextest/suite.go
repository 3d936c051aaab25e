package indextest

import (
	"context"
	"slices"
	"testing"
	"time"

	"tocsin/services/indexer"
)

// Index is an empty index to test.
type Index struct {
	Writer  indexer.Writer
	Reader  indexer.Reader
	Archive indexer.Archive
	// Refresh makes everything written visible to the Reader; nil where it is at once.
	Refresh func(t *testing.T)
}

// Run holds the indices that open makes to the contract. open is called several times and cleans up through t.
func Run(t *testing.T, open func(t *testing.T) Index) {
	t.Run("questions", func(t *testing.T) {
		x := open(t)
		x.write(t, documents(t, corpus())...)
		t.Run("search", func(t *testing.T) { testSearch(t, x) })
		t.Run("relevance", func(t *testing.T) { testRelevance(t, x) })
		t.Run("hits", func(t *testing.T) { testHit(t, x) })
		t.Run("facets", func(t *testing.T) { testFacets(t, x) })
		t.Run("timeline", func(t *testing.T) { testTimeline(t, x) })
		t.Run("mistakes", func(t *testing.T) { testMistakes(t, x) })
		t.Run("archive", func(t *testing.T) { testArchive(t, x) })
	})
	t.Run("paging", func(t *testing.T) { testPaging(t, open(t)) })
	t.Run("paging by relevance", func(t *testing.T) { testPagingRanked(t, open(t)) })
	t.Run("revisions", func(t *testing.T) { testRevisions(t, open(t)) })
	t.Run("redelivery", func(t *testing.T) { testRedelivery(t, open(t)) })
	t.Run("months", func(t *testing.T) { testMonths(t, open(t)) })
	t.Run("kin", func(t *testing.T) { testKin(t, open(t)) })
	t.Run("groups", func(t *testing.T) { testGroups(t, open(t)) })
	t.Run("months", func(t *testing.T) { testShelf(t, open(t)) })
	t.Run("accounts", func(t *testing.T) { testAccounts(t, open(t)) })
	t.Run("odd documents", func(t *testing.T) { testOdd(t, open(t)) })
}

// write stores documents, all of which must succeed, and makes them visible. It returns which were known.
func (x Index) write(t *testing.T, docs ...indexer.Document) []bool {
	t.Helper()
	outcomes, err := x.Writer.Write(t.Context(), docs)
	if err != nil {
		t.Fatalf("write %d documents: %v", len(docs), err)
	}
	if len(outcomes) != len(docs) {
		t.Fatalf("%d outcomes for %d documents", len(outcomes), len(docs))
	}
	known := make([]bool, len(docs))
	for i, o := range outcomes {
		if o.Err != nil {
			t.Fatalf("write %s revision %d: %v", docs[i].ID, docs[i].Revision, o.Err)
		}
		known[i] = o.Known
	}
	if x.Refresh != nil {
		x.Refresh(t)
	}
	return known
}

func (x Index) search(t *testing.T, q indexer.Query) indexer.Page {
	t.Helper()
	page, err := x.Reader.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("search %+v: %v", q, err)
	}
	return page
}

func ids(hits []indexer.Hit) []string {
	all := []string{}
	for _, h := range hits {
		all = append(all, h.ID)
	}
	return all
}

// pages walks through all pages of a query, calling between after each, and returns the ids in order.
func (x Index) pages(t *testing.T, q indexer.Query, between func()) []string {
	t.Helper()
	var all []string
	for range 100 {
		page := x.search(t, q)
		all = append(all, ids(page.Hits)...)
		if page.Next == "" {
			return all
		}
		q.Cursor = page.Next
		between()
	}
	t.Fatalf("100 pages and no end of %+v", q)
	return nil
}

func testPaging(t *testing.T, x Index) {
	at := time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
	var want []string
	for i := range 23 {
		id := string(rune('a'+i)) + "page"
		x.write(t, quick(t, id, at.Add(-time.Duration(i/5)*time.Hour))) // five at a time share their hour
		want = append(want, id)
	}
	n := 0
	got := x.pages(t, indexer.Query{Limit: 4}, func() {
		n++
		x.write(t, quick(t, "new"+string(rune('a'+n)), at.Add(time.Duration(n)*time.Minute)))
	})
	if !slices.Equal(got, want) {
		t.Errorf("pages, while newer articles arrived:\n got %v\nwant %v", got, want)
	}
	if got := x.search(t, indexer.Query{Limit: 1}).Total; got != 23+n {
		t.Errorf("total %d, want %d", got, 23+n)
	}
}

func testPagingRanked(t *testing.T, x Index) {
	at := time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
	var want []string
	for i := range 11 {
		id := string(rune('a'+i)) + "rank"
		x.write(t, quick(t, id, at)) // all score alike, so only the id orders them
		want = append(want, id)
	}
	got := x.pages(t, indexer.Query{Text: "quick", Sort: indexer.SortRelevance, Limit: 3}, func() {})
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("pages hold %v, want each once: %v", got, want)
	}
}

func testRedelivery(t *testing.T, x Index) {
	docs := documents(t, corpus())
	for i, known := range x.write(t, docs...) {
		if known {
			t.Errorf("%s is known to an empty index", docs[i].ID)
		}
	}
	for i, known := range x.write(t, docs...) {
		if !known {
			t.Errorf("%s was written again", docs[i].ID)
		}
	}
	if got := x.search(t, indexer.Query{}).Total; got != len(docs) {
		t.Errorf("%d articles after two deliveries of %d", got, len(docs))
	}
}

// testArchive expects the whole message back, bit for bit.
func testArchive(t *testing.T, x Index) {
	want := corpus()[0]
	got, err := x.Archive.Article(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := difference(want, got); diff != "" {
		t.Errorf("article (-want +got):\n%s", diff)
	}
	if _, err := x.Archive.Article(context.Background(), "nosuch"); !isNotFound(err) {
		t.Errorf("article that is not there: %v, want ErrNotFound", err)
	}
}
