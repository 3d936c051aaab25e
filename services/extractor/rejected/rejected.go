// Package rejected knows what operators said is "not him": for which words, where, an entry no longer rings.
//
// A Book is immutable and safe for concurrent use; With and Without give another.
package rejected

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"tocsin/pkg/messages"
)

// Book is a set of rejections. The zero value and nil reject nothing.
type Book struct {
	entries map[name]map[string]messages.Rejection // by list and entry, then by id
	size    int
}

type name struct{ list, entry string }

// With gives a Book with one rejection more, or in place of the one with its id.
func (b *Book) With(r messages.Rejection) *Book {
	next := b.clone()
	n := name{r.List, r.Entry}
	of := maps.Clone(next.entries[n])
	if of == nil {
		of = map[string]messages.Rejection{}
	}
	if _, known := of[r.ID]; !known {
		next.size++
	}
	of[r.ID] = r
	next.entries[n] = of
	return next
}

// Without gives a Book in which a rejection was taken back; one that is not there changes nothing.
func (b *Book) Without(list, entry, id string) *Book {
	n := name{list, entry}
	if b == nil {
		return b
	}
	if _, known := b.entries[n][id]; !known {
		return b
	}
	next := b.clone()
	of := maps.Clone(next.entries[n])
	delete(of, id)
	next.entries[n] = of
	next.size--
	return next
}

func (b *Book) clone() *Book {
	if b == nil || b.entries == nil {
		return &Book{entries: map[name]map[string]messages.Rejection{}}
	}
	return &Book{maps.Clone(b.entries), b.size}
}

// Size counts the rejections.
func (b *Book) Size() int {
	if b == nil {
		return 0
	}
	return b.size
}

// Found is one watched name as it was found in an article.
type Found struct {
	List, Entry, Article string
	// Words are the best mention, Sentence what it stands in, Text the whole article.
	Words, Sentence, Text string
}

// Covers reports whether a rejection covers what was found, and the one with the lowest id that does.
func (b *Book) Covers(f Found) (messages.Rejection, bool) {
	if b == nil {
		return messages.Rejection{}, false
	}
	of := b.entries[name{f.List, f.Entry}]
	for _, id := range slices.Sorted(maps.Keys(of)) {
		if covers(of[id], f) {
			return of[id], true
		}
	}
	return messages.Rejection{}, false
}

func covers(r messages.Rejection, f Found) bool {
	if r.Article == f.Article {
		return true
	}
	if plain(r.Words) != plain(f.Words) {
		return false
	}
	if r.Anywhere || r.Sentence != "" && plain(r.Sentence) == plain(f.Sentence) {
		return true
	}
	if len(r.Where) == 0 {
		return false
	}
	text := " " + plain(f.Text) + " "
	return slices.ContainsFunc(r.Where, func(phrase string) bool {
		p := plain(phrase)
		return p != "" && strings.Contains(text, " "+p+" ")
	})
}

// plain is a text as its words in lower case with one space between them, so that capitals, punctuation and line breaks
// make no difference.
func plain(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return strings.Join(words, " ")
}
