package indextest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/services/indexer"
	"tocsin/services/indexer/words"
)

// Ids of the corpus, short.
const mill, talks, bank, brule, undated, future = "a1mill", "b2talks", "c3bank", "d4brule", "e5undated", "f6future"

// question is a query and the articles of the corpus that answer it, newest first.
type question struct {
	why  string
	q    indexer.Query
	want []string
}

func testSearch(t *testing.T, x Index) {
	for _, tt := range slices.Concat(wordQuestions(), factQuestions()) {
		t.Run(tt.why, func(t *testing.T) {
			page := x.search(t, tt.q)
			if got := ids(page.Hits); !slices.Equal(got, tt.want) {
				t.Errorf("hits %v, want %v", got, tt.want)
			}
			if page.Total != len(tt.want) {
				t.Errorf("total %d, want %d", page.Total, len(tt.want))
			}
		})
	}
}

// wordQuestions ask for words.
func wordQuestions() []question {
	return []question{
		{"no question is answered by everything, newest first", indexer.Query{}, []string{future, undated, brule, bank, talks, mill}},
		{"a word of the body", indexer.Query{Text: "brigade"}, []string{mill}},
		{"a word of the title", indexer.Query{Text: "ministers"}, []string{talks}},
		{"all words must occur, in title or body", indexer.Query{Text: "fire owner"}, []string{mill}},
		{"words of two articles find neither", indexer.Query{Text: "brigade geneva"}, nil},
		{"stems count: bombed and bombing", indexer.Query{Text: "bombs"}, []string{talks, mill}},
		{"accents do not matter, asked without", indexer.Query{Text: "lodz"}, []string{mill}},
		{"accents do not matter, asked with", indexer.Query{Text: "GÉNÈVA"}, []string{talks}},
		{"letters that do not decompose fold too", indexer.Query{Text: "ŁÓDŹ"}, []string{mill}},
		{"a name in both spellings", indexer.Query{Text: `"josé nunez"`}, []string{talks, mill}},
		{"a phrase must stand in order", indexer.Query{Text: `"nunez jose"`}, nil},
		{"a phrase across words that are not next to each other", indexer.Query{Text: `"fire late"`}, nil},
		{"OR", indexer.Query{Text: "geneva OR marseille"}, []string{brule, talks}},
		{"OR binds its neighbours only", indexer.Query{Text: "truce mill OR geneva"}, []string{bank, talks}},
		{"a minus excludes", indexer.Query{Text: "mill -fire"}, []string{bank}},
		{"only a minus", indexer.Query{Text: `-mill -truce -"les pompiers"`}, []string{future, undated}},
		{"a beginning", indexer.Query{Text: "khal*"}, []string{bank}},
		{"a beginning is not an end", indexer.Query{Text: "limov*"}, nil},
		{"a beginning in a phrase", indexer.Query{Text: "united-nat*"}, []string{bank, talks}},
		{"an apostrophe cuts words in text and question alike", indexer.Query{Text: "wasn't"}, []string{mill}},
		{"what stands after an apostrophe is a word", indexer.Query{Text: "entrepot"}, []string{brule}},
		{"an open quotation is read to the end", indexer.Query{Text: `"two people`}, []string{mill}},
		{"signs alone ask for nothing", indexer.Query{Text: `*** "" -- OR`}, []string{future, undated, brule, bank, talks, mill}},
		{"the longest question", indexer.Query{Text: strings.Repeat("a ", indexer.MaxText/2)}, []string{undated, brule, talks, mill}},
		{"no stop words: even the smallest must occur", indexer.Query{Text: `"a truce in"`}, []string{talks}},
	}
}

// factQuestions ask for what was recognised.
func factQuestions() []question {
	return []question{
		{"a person in any spelling", indexer.Query{Persons: []string{"josé NUNEZ"}}, []string{talks, mill}},
		{"a person by key", indexer.Query{Persons: []string{"person:amina diallo"}}, []string{brule, talks}},
		{"half a name is not the person", indexer.Query{Persons: []string{"Amina"}}, nil},
		{"two persons must both be there", indexer.Query{Persons: []string{"Amina Diallo", "José Núñez"}}, []string{talks}},
		{"an organisation", indexer.Query{Organizations: []string{"united nations"}}, []string{bank, talks}},
		{"a place", indexer.Query{Places: []string{"Lodz"}}, []string{mill}},
		{"a place is not a person", indexer.Query{Persons: []string{"Geneva"}}, nil},
		{"any of two sources", indexer.Query{Sources: []string{"courier", "echo"}}, []string{brule, bank}},
		{"a language", indexer.Query{Langs: []string{"fr"}}, []string{brule}},
		{"a watchlist", indexer.Query{Lists: []string{"eu"}}, []string{brule, bank}},
		{"a watched entry", indexer.Query{Watch: []string{"eu.diallo"}}, []string{brule}},
		{"two watched entries must both be there", indexer.Query{Watch: []string{"un.khalimov", "eu.k-77"}}, []string{bank}},
		{"articles by id", indexer.Query{IDs: []string{mill, bank, "nosuch"}}, []string{bank, mill}},

		{"published from, inclusive", indexer.Query{PublishedFrom: day(2026, 2, 20)}, []string{future, undated, brule}},
		{"published until, exclusive", indexer.Query{PublishedTo: day(2026, 2, 20)}, []string{bank, talks, mill}},
		{"published in January", indexer.Query{PublishedFrom: day(2026, 1, 1), PublishedTo: day(2026, 2, 1)}, []string{talks, mill}},
		{"undated articles and stamps in the future count from when they were seen",
			indexer.Query{PublishedFrom: day(2026, 3, 1), PublishedTo: day(2026, 4, 1)}, []string{future, undated}},

		{"a mentioned day; the year meets it too, the century does not", indexer.Query{MentionedFrom: day(2026, 1, 4), MentionedTo: day(2026, 1, 5)}, []string{future, mill}},
		{"the day after ends where the mention ends", indexer.Query{MentionedFrom: day(2026, 1, 5), MentionedTo: day(2026, 1, 6)}, []string{future}},
		{"a joined range is met in its middle", indexer.Query{MentionedFrom: day(2026, 2, 2), MentionedTo: day(2026, 2, 3)}, []string{future, talks}},
		{"an open question about dates", indexer.Query{MentionedTo: day(2025, 12, 31)}, []string{bank}},
		{"open to the other side", indexer.Query{MentionedFrom: day(2026, 3, 1)}, []string{future}},
		{"wide dates on request", indexer.Query{MentionedFrom: day(1944, 6, 6), MentionedTo: day(1944, 6, 7), WideDates: true}, []string{mill}},
		{"a mention within the month asked for; the year reaches out of it", indexer.Query{MentionedFrom: day(2026, 1, 1), MentionedTo: day(2026, 2, 1), Relation: indexer.RelationWithin}, []string{mill}},
		{"a mention that ends with the interval is within it", indexer.Query{MentionedFrom: day(2026, 1, 4), MentionedTo: day(2026, 1, 5), Relation: indexer.RelationWithin}, []string{mill}},
		{"a mention that covers the whole month", indexer.Query{MentionedFrom: day(2026, 1, 1), MentionedTo: day(2026, 2, 1), Relation: indexer.RelationContains}, []string{future}},
		{"a mention as long as the interval covers it", indexer.Query{MentionedFrom: day(2026, 1, 4), MentionedTo: day(2026, 1, 5), Relation: indexer.RelationContains}, []string{future, mill}},
		{"an open mention is wide", indexer.Query{MentionedFrom: day(2030, 1, 1), WideDates: true}, []string{bank}},

		{"everything together", indexer.Query{Text: "nunez talks", Persons: []string{"Amina Diallo"}, Places: []string{"Geneva"},
			Organizations: []string{"United Nations"}, Sources: []string{"herald"}, Langs: []string{"en"},
			PublishedFrom: day(2026, 1, 1), MentionedFrom: day(2026, 2, 1)}, []string{talks}},
	}
}

func testRelevance(t *testing.T, x Index) {
	page := x.search(t, indexer.Query{Text: "fire OR mill", Sort: indexer.SortRelevance})
	if got := ids(page.Hits); !slices.Equal(got, []string{mill, bank}) {
		t.Fatalf("hits %v, want the article with more of it, and in its title, first", got)
	}
	if a, b := page.Hits[0].Score, page.Hits[1].Score; a <= b || b <= 0 {
		t.Errorf("scores %v, %v, want them falling and positive", a, b)
	}
	page = x.search(t, indexer.Query{Sort: indexer.SortRelevance, Limit: 2})
	if got := ids(page.Hits); !slices.Equal(got, []string{future, undated}) {
		t.Errorf("hits without words to match %v, want the newest", got)
	}
}

func testHit(t *testing.T, x Index) {
	h := x.search(t, indexer.Query{Text: "bombing nunez"}).Hits[1]
	d := documents(t, corpus())[0]
	d.Text, d.Sketch, d.Detail = "", nil, nil
	if diff := difference(d, h.Document); diff != "" {
		t.Errorf("document of a hit (-want +got):\n%s", diff)
	}
	var marks []string
	for _, m := range h.Snippet.Marks {
		marks = append(marks, h.Snippet.Text[m.Start:m.End])
	}
	if !slices.Equal(marks, []string{"bombed", "Núñez"}) {
		t.Errorf("marks %q of %q", marks, h.Snippet.Text)
	}
}

func testFacets(t *testing.T, x Index) {
	count := func(pairs ...any) []indexer.Facet {
		var all []indexer.Facet
		for i := 0; i < len(pairs); i += 3 {
			all = append(all, indexer.Facet{Key: pairs[i].(string), Name: pairs[i+1].(string), Count: pairs[i+2].(int)})
		}
		return all
	}
	tests := []struct {
		why  string
		q    indexer.Query
		o    indexer.FacetOptions
		want indexer.Facets
	}{
		{"everything: most frequent first, ties by key", indexer.Query{}, indexer.FacetOptions{}, indexer.Facets{
			Total: 6,
			Persons: count("person:amina diallo", "Amina Diallo", 2, "person:jose nunez", "Jose Nunez", 2,
				"person:gulmurod khalimov", "Gulmurod Khalimov", 1),
			Organizations: count("organization:united nations", "United Nations", 2),
			Places:        count("place:geneva", "Geneva", 1, "place:lodz", "Łódź", 1, "place:marseille", "Marseille", 1),
			Sources:       count("herald", "herald", 4, "courier", "courier", 1, "echo", "echo", 1),
			Langs:         count("en", "en", 5, "fr", "fr", 1),
			Lists:         count("eu", "eu", 2, "un", "un", 1),
			Watch:         count("eu.diallo", "eu.diallo", 1, "eu.k-77", "eu.k-77", 1, "un.khalimov", "un.khalimov", 1),
		}},
		{"the articles of a question only", indexer.Query{Text: "fire"}, indexer.FacetOptions{}, indexer.Facets{
			Total:   1,
			Persons: count("person:jose nunez", "José Núñez", 1),
			Places:  count("place:lodz", "Łódź", 1),
			Sources: count("herald", "herald", 1),
			Langs:   count("en", "en", 1),
		}},
		{"no more than asked for", indexer.Query{Sources: []string{"herald"}}, indexer.FacetOptions{Size: 1}, indexer.Facets{
			Total:         4,
			Persons:       count("person:jose nunez", "Jose Nunez", 2),
			Organizations: count("organization:united nations", "United Nations", 1),
			Places:        count("place:geneva", "Geneva", 1),
			Sources:       count("herald", "herald", 4),
			Langs:         count("en", "en", 4),
		}},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			got, err := x.Reader.Facets(t.Context(), tt.q, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := difference(foldNames(tt.want), foldNames(got)); diff != "" {
				t.Errorf("facets (-want +got):\n%s", diff)
			}
		})
	}
}

// foldNames leaves open which of several spellings of one name is shown.
func foldNames(all indexer.Facets) indexer.Facets {
	for _, f := range [][]indexer.Facet{all.Persons, all.Organizations, all.Places} {
		for i := range f {
			f[i].Name = words.Fold(f[i].Name)
		}
	}
	return all
}

func testTimeline(t *testing.T, x Index) {
	at := func(y int, m time.Month, d, n int) indexer.Bucket {
		return indexer.Bucket{From: day(y, m, d), Count: n}
	}
	tests := []struct {
		why  string
		q    indexer.Query
		o    indexer.TimelineOptions
		want []indexer.Bucket
	}{
		{"days of publication", indexer.Query{PublishedTo: day(2026, 2, 1)}, indexer.TimelineOptions{}, []indexer.Bucket{at(2026, 1, 5, 1), at(2026, 1, 12, 1)}},
		{"weeks begin on Monday", indexer.Query{Sources: []string{"echo", "courier"}}, indexer.TimelineOptions{Step: indexer.StepWeek},
			[]indexer.Bucket{at(2026, 2, 2, 1), at(2026, 2, 16, 1)}},
		{"months", indexer.Query{}, indexer.TimelineOptions{Step: indexer.StepMonth}, []indexer.Bucket{at(2026, 1, 1, 2), at(2026, 2, 1, 2), at(2026, 3, 1, 2)}},
		{"years", indexer.Query{Text: "truce"}, indexer.TimelineOptions{Step: indexer.StepYear}, []indexer.Bucket{at(2026, 1, 1, 2)}},
		{"mentioned months, the century left out", indexer.Query{}, indexer.TimelineOptions{By: indexer.TimelineMentioned, Step: indexer.StepMonth},
			[]indexer.Bucket{at(2025, 3, 1, 1), at(2026, 1, 1, 2), at(2026, 2, 1, 1)}},
		{"mentioned dates that were asked for only", indexer.Query{MentionedFrom: day(2026, 1, 4), MentionedTo: day(2026, 2, 2)},
			indexer.TimelineOptions{By: indexer.TimelineMentioned}, []indexer.Bucket{at(2026, 1, 4, 1), at(2026, 2, 1, 1)}},
		{"nothing found, no buckets", indexer.Query{Text: "nosuchword"}, indexer.TimelineOptions{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			got, err := x.Reader.Timeline(t.Context(), tt.q, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(got, tt.want, func(a, b indexer.Bucket) bool { return a.From.Equal(b.From) && a.Count == b.Count }) {
				t.Errorf("buckets %v, want %v", got, tt.want)
			}
		})
	}
}

func testMistakes(t *testing.T, x Index) {
	next := x.search(t, indexer.Query{Limit: 1}).Next
	for why, q := range map[string]indexer.Query{
		"an unknown order":                 {Sort: "oldest"},
		"a page too large":                 {Limit: indexer.MaxLimit + 1},
		"a reversed interval":              {PublishedFrom: day(2026, 2, 1), PublishedTo: day(2026, 1, 1)},
		"a damaged cursor":                 {Cursor: "!"},
		"another query's cursor":           {Cursor: next, Text: "fire"},
		"another order's cursor":           {Cursor: next, Sort: indexer.SortRelevance},
		"a text nobody can mean seriously": {Text: strings.Repeat("x", indexer.MaxText+1)},
	} {
		if _, err := x.Reader.Search(t.Context(), q); !errors.Is(err, indexer.ErrQuery) {
			t.Errorf("%s: %v, want an error in ErrQuery", why, err)
		}
	}
	if _, err := x.Reader.Facets(t.Context(), indexer.Query{}, indexer.FacetOptions{Size: -1}); !errors.Is(err, indexer.ErrQuery) {
		t.Errorf("facets of size -1: %v, want an error in ErrQuery", err)
	}
	if _, err := x.Reader.Timeline(t.Context(), indexer.Query{}, indexer.TimelineOptions{Step: "hour"}); !errors.Is(err, indexer.ErrQuery) {
		t.Errorf("timeline by hour: %v, want an error in ErrQuery", err)
	}
}
