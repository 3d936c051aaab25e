package indextest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// version is one revision of a single article; each has words and names of its own.
func version(t *testing.T, revision, replay int) indexer.Document {
	n := revision*10 + replay
	a := Article("v1", day(2026, 1, 5), fmt.Sprintf("Title%d", n), fmt.Sprintf("Body%d was seen by Person%d.", n, n),
		func(a *messages.EnrichedArticle) {
			a.Revision = revision
			a.Entities = []messages.Entity{Entity(*a, messages.KindPerson, fmt.Sprintf("person%d", n), fmt.Sprintf("Person%d", n))}
			a.Dates = []messages.Date{mention(day(2000+n, 1, 1), day(2000+n, 1, 2), "day")}
			a.Watch = []messages.Watched{watched("list", fmt.Sprintf("e%d", n), "Somebody")}
		})
	return document(t, a, replay)
}

func testRevisions(t *testing.T, x Index) {
	steps := []struct {
		why              string
		revision, replay int
		known            bool
		left             int // revision × 10 + replay that is found afterwards
	}{
		{"the first revision is stored", 1, 0, false, 10},
		{"a later one replaces it", 3, 0, false, 30},
		{"one that comes late changes nothing", 2, 0, true, 30},
		{"the same again changes nothing", 3, 0, true, 30},
		{"a replay replaces its revision", 3, 2, false, 32},
		{"an earlier replay changes nothing", 3, 1, true, 32},
		{"the next revision replaces every replay", 4, 0, false, 40},
	}
	for _, s := range steps {
		if got := x.write(t, version(t, s.revision, s.replay))[0]; got != s.known {
			t.Errorf("%s: known %v, want %v", s.why, got, s.known)
		}
		x.holds(t, s.why, s.left)
	}
	known := x.write(t, version(t, 7, 0), version(t, 5, 0), version(t, 7, 1))
	if !slices.Equal(known, []bool{false, true, false}) {
		t.Errorf("three versions in one batch: known %v, want only the middle one", known)
	}
	x.holds(t, "the highest of a batch stays", 71)
}

// holds expects one article that is found by everything version n says and by nothing any other version said.
func (x Index) holds(t *testing.T, why string, n int) {
	t.Helper()
	for _, other := range []int{10, 20, 30, 31, 32, 40, 50, 70, 71} { // all that is ever written
		want := 0
		if other == n {
			want = 1
		}
		year := 2000 + other
		for _, q := range []indexer.Query{
			{Text: fmt.Sprintf("body%d", other)},
			{Persons: []string{fmt.Sprintf("Person%d", other)}},
			{Watch: []string{fmt.Sprintf("list.e%d", other)}},
			{MentionedFrom: day(year, 1, 1), MentionedTo: day(year, 1, 2)},
		} {
			if got := x.search(t, q).Total; got != want {
				t.Errorf("%s: %+v finds %d, want %d", why, q, got, want)
			}
		}
	}
	hit := x.search(t, indexer.Query{}).Hits[0]
	if hit.Revision*10+hit.Patch/10 != n || hit.Title != fmt.Sprintf("Title%d", n) {
		t.Errorf("%s: the hit is revision %d patch %d %q, want %d", why, hit.Revision, hit.Patch, hit.Title, n)
	}
}

// testMonths expects one document per article however the months of its deliveries differ.
func testMonths(t *testing.T, x Index) {
	january := time.Date(2026, 1, 31, 23, 59, 59, 999e6, time.UTC)
	write := func(feed string, revision int, firstSeen time.Time) bool {
		a := Article("m1", january.Add(-time.Hour), "Around midnight", fmt.Sprintf("Revision number%d.", revision),
			func(a *messages.EnrichedArticle) {
				a.Feed, a.Revision, a.FirstSeen, a.FetchedAt = feed, revision, firstSeen, firstSeen
			})
		return x.write(t, document(t, a, 0))[0]
	}
	x.write(t, quick(t, "other", day(2026, 4, 1))) // makes the later month exist
	steps := []struct {
		why       string
		feed      string
		revision  int
		firstSeen time.Time
		known     bool
		left      int
	}{
		{"the last moment of January", "feed-1", 1, january, false, 1},
		{"another feed brings it in February, first seen in January", "feed-2", 1, january, true, 1},
		{"a revision keeps the month of the first sighting", "feed-2", 2, january, false, 2},
		{"when the fetcher's memory has passed, a revision is sighted anew", "feed-1", 3, day(2026, 4, 2), false, 3},
		{"and the first one, counted from 1 again, is not a second article", "feed-1", 1, day(2026, 4, 3), true, 3},
	}
	for _, s := range steps {
		if got := write(s.feed, s.revision, s.firstSeen); got != s.known {
			t.Errorf("%s: known %v, want %v", s.why, got, s.known)
		}
		page := x.search(t, indexer.Query{IDs: []string{"m1"}})
		if page.Total != 1 || page.Hits[0].Revision != s.left {
			t.Errorf("%s: %d documents, %+v; want one of revision %d", s.why, page.Total, page.Hits, s.left)
		}
	}
}

// testOdd expects what no rule of the contract forbids to be stored.
func testOdd(t *testing.T, x Index) {
	at := day(2026, 1, 5)
	edits := map[string]func(*messages.EnrichedArticle){
		"a word longer than an index takes": func(a *messages.EnrichedArticle) { a.Text += strings.Repeat("x", 40_000) },
		"a name, key and address as long":   longStrings,
		"no title and no text":              func(a *messages.EnrichedArticle) { a.Title, a.Text, a.URL = "", "", "" },
		"an instant as an interval":         func(a *messages.EnrichedArticle) { a.Dates = []messages.Date{mention(at, at, "minute")} },
		"the first and the last year": func(a *messages.EnrichedArticle) {
			a.Dates = []messages.Date{mention(day(1, 1, 2), day(1, 1, 3), "day"), mention(day(9999, 12, 30), day(9999, 12, 31), "day")}
		},
		"a reversed interval": func(a *messages.EnrichedArticle) { a.Dates = []messages.Date{mention(day(2026, 2, 1), at, "day")} },
		"the same name, date and entry twice": func(a *messages.EnrichedArticle) {
			a.Entities = []messages.Entity{{Kind: messages.KindPerson, Canonical: "A B"}, {Kind: messages.KindPerson, Canonical: "a b"}}
			a.Dates = []messages.Date{mention(at, at.AddDate(0, 0, 1), "day"), mention(at, at.AddDate(0, 0, 1), "day")}
			a.Watch = []messages.Watched{watched("l", "e", "A B"), watched("l", "e", "A B")}
		},
		"a revision beyond any count": func(a *messages.EnrichedArticle) { a.Revision = 1 << 40 },
		"control characters":          func(a *messages.EnrichedArticle) { a.Title, a.Text = "a\x00b\u2028", "a\x00b\u2028\x1f c" },
	}
	var docs []indexer.Document
	for why, edit := range edits {
		docs = append(docs, document(t, Article(messages.Hash(why), at, "Odd", "Something is odd: "+why, edit), 0))
	}
	x.write(t, docs...)
	if got := x.search(t, indexer.Query{}).Total; got != len(docs) {
		t.Errorf("%d of %d odd documents are found", got, len(docs))
	}
	for _, d := range docs {
		if _, err := x.Archive.Article(t.Context(), d.ID); err != nil {
			t.Errorf("article %s: %v", d.ID, err)
		}
	}
}

func longStrings(a *messages.EnrichedArticle) {
	long := strings.Repeat("é", 40_000)
	a.URL, a.GUID, a.Title, a.Notes, a.Authors = "https://x.example/"+long, long, long, []string{long}, []string{long}
	a.Entities = []messages.Entity{{Kind: messages.KindPlace, Key: long, Canonical: long}}
	a.Watch = []messages.Watched{watched("l", "e", long)}
}
