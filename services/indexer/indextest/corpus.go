package indextest

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// Article returns a valid enriched article with the given title and body, seen an hour after it was published. edit
// may change it, nil leaves it; dates and watched names it adds may leave out where they stand.
func Article(id string, published time.Time, title, body string, edit func(*messages.EnrichedArticle)) messages.EnrichedArticle {
	a := messages.EnrichedArticle{
		Version: messages.Version,
		Article: messages.Article{
			ID: id, Revision: 1, Feed: "feed-1", Source: "herald", Title: title,
			URL: "https://herald.example/" + id, FirstSeen: published.Add(time.Hour), FetchedAt: published.Add(time.Hour),
		},
		Text: title + "\n\n" + body, TextSource: messages.TextFromPage, Lang: "en", LangConfidence: 0.9,
		Published: messages.Published{From: published, To: published.Add(time.Second), Precision: "second", Source: "feed"},
		Engines:   []messages.Engine{{Name: "test", Version: "1"}},
	}
	if edit != nil {
		edit(&a)
	}
	place(&a)
	return a
}

// Entity returns an entity of the article that is mentioned wherever its canonical form stands in the text.
func Entity(a messages.EnrichedArticle, kind, key, canonical string) messages.Entity {
	e := messages.Entity{Kind: kind, Key: kind + ":" + key, Canonical: canonical, Score: 0.8}
	for at := 0; ; {
		i := strings.Index(a.Text[at:], canonical)
		if i < 0 {
			return e
		}
		e.Mentions = append(e.Mentions, messages.Span{Start: at + i, End: at + i + len(canonical)})
		at += i + len(canonical)
	}
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// mention is a date without a place in the text; place gives it one.
func mention(from, to time.Time, precision string) messages.Date {
	return messages.Date{Type: "DATE", Value: "X", From: from, To: to, Precision: precision}
}

func watched(list, entry, name string) messages.Watched {
	return messages.Watched{List: list, Entry: entry, Name: name,
		Evidence: messages.Evidence{Tier: messages.TierProbable, Score: 0.9, Bits: 30, Threshold: 20}}
}

// place puts every date and watched name at the beginning of the text, which is all an index needs of their places.
func place(a *messages.EnrichedArticle) {
	_, end := utf8.DecodeRuneInString(a.Text)
	at := messages.Span{Start: 0, End: end}
	for i := range a.Dates {
		a.Dates[i].Span, a.Dates[i].Text = at, a.Text[:end]
	}
	for i := range a.Watch {
		a.Watch[i].Mentions = []messages.Span{at}
		a.Watch[i].Quote = messages.Quote{Text: a.Text[:end], Start: 0, End: end}
	}
}

// corpus is a small world of articles, newest last.
func corpus() []messages.EnrichedArticle {
	const person, organization, place = messages.KindPerson, messages.KindOrganization, messages.KindPlace
	return []messages.EnrichedArticle{
		Article("a1mill", day(2026, 1, 5).Add(9*time.Hour), "Fire destroys a textile mill in Łódź",
			"The mill was bombed in the war and rebuilt. Its owner, José Núñez, said the fire brigade came late; it wasn't his fault.\n\nTwo people were hurt.",
			func(a *messages.EnrichedArticle) {
				a.Entities = []messages.Entity{Entity(*a, person, "jose nunez", "José Núñez"), Entity(*a, place, "lodz", "Łódź")}
				a.Dates = []messages.Date{mention(day(2026, 1, 4), day(2026, 1, 5), "day"), mention(day(1901, 1, 1), day(2001, 1, 1), "century")}
				a.GUID, a.Summary, a.Authors, a.Notes = "g-1", "A mill burns.", []string{"Ewa Nowak"}, []string{"cut a caption"}
				a.Sketch = []uint64{1, 1<<63 + 1}
			}),
		Article("b2talks", day(2026, 1, 12).Add(8*time.Hour), "Ministers agree on a truce",
			"After talks in Geneva the United Nations said that Jose Nunez and Amina Diallo would sign a truce in February. Bombing had gone on for years.",
			func(a *messages.EnrichedArticle) {
				a.Entities = []messages.Entity{Entity(*a, person, "jose nunez", "Jose Nunez"), Entity(*a, person, "amina diallo", "Amina Diallo"),
					Entity(*a, organization, "united nations", "United Nations"), Entity(*a, place, "geneva", "Geneva")}
				joined := mention(time.Time{}, time.Time{}, "day")
				joined.Range = &messages.Interval{From: day(2026, 2, 1), To: day(2026, 2, 4)}
				a.Dates = []messages.Date{joined}
			}),
		Article("c3bank", day(2026, 2, 3).Add(10*time.Hour), "Bank fined over transfers",
			"The bank moved money for Gulmurod Khalimov until March 2025, the United Nations found. The mill of justice grinds slowly, and no truce was in sight.",
			func(a *messages.EnrichedArticle) {
				a.Source = "courier"
				a.Entities = []messages.Entity{Entity(*a, person, "gulmurod khalimov", "Gulmurod Khalimov"), Entity(*a, organization, "united nations", "United Nations")}
				a.Dates = []messages.Date{mention(day(2025, 3, 1), day(2025, 4, 1), "month"), mention(day(2025, 1, 1), time.Time{}, "year")}
				a.Watch = []messages.Watched{watched("un", "khalimov", "Gulmurod Khalimov"), watched("eu", "k-77", "Gulmurod Khalimov")}
			}),
		Article("d4brulé", day(2026, 2, 20), "Un entrepôt brûle à Marseille",
			"Les pompiers de Marseille ont lutté toute la nuit. L'entrepôt appartient à Amina Diallo.",
			func(a *messages.EnrichedArticle) {
				a.ID, a.Source, a.Lang = "d4brule", "echo", "fr"
				a.Entities = []messages.Entity{Entity(*a, person, "amina diallo", "Amina Diallo"), Entity(*a, place, "marseille", "Marseille")}
				a.Watch = []messages.Watched{watched("eu", "diallo", "Amina Diallo")}
			}),
		Article("e5undated", day(2026, 3, 1), "A page without a date", "Nobody knows when this was written.",
			func(a *messages.EnrichedArticle) { a.Published = messages.Published{} }),
		Article("f6future", day(2035, 5, 5), "From the future", "The clock of the publisher is wrong.",
			func(a *messages.EnrichedArticle) {
				a.FirstSeen = day(2026, 3, 2)
				a.Dates = []messages.Date{mention(day(2026, 1, 1), day(2027, 1, 1), "year")}
			}),
	}
}

// quick is a small document.
func quick(t *testing.T, id string, published time.Time) indexer.Document {
	return document(t, Article(id, published, "The quick brown fox", "It jumps over the lazy dog.", nil), 0)
}

// document makes a document of an article that must be valid.
func document(t *testing.T, a messages.EnrichedArticle, replay int) indexer.Document {
	t.Helper()
	if err := a.Validate(); err != nil {
		t.Fatalf("test article %s: %v", a.ID, err)
	}
	return indexer.NewDocument(a, replay)
}

func documents(t *testing.T, articles []messages.EnrichedArticle) []indexer.Document {
	t.Helper()
	docs := make([]indexer.Document, len(articles))
	for i, a := range articles {
		docs[i] = document(t, a, 0)
	}
	return docs
}

func difference(want, got any) string { return cmp.Diff(want, got) }

func isNotFound(err error) bool { return errors.Is(err, indexer.ErrNotFound) }
