package watch

import (
	"cmp"
	"slices"
	"strings"

	"tocsin/services/extractor/watch/fold"
)

// Options steer Compile. The zero value is the shipped behaviour.
type Options struct{}

// Problem is an entry, or a name of one, that was left out, and why.
type Problem struct {
	List, Entry string
	Sentence    string
}

// Index is a compiled set of watchlists: immutable, safe for concurrent use.
type Index struct {
	entries []Entry
	// first leads from a name's first folded word to the names that begin with it.
	first map[string][]spelling
}

// spelling is one listed name as folded words.
type spelling struct {
	entry, name int
	words       []string
}

// Compile builds an Index. Entries that cannot be watched are left out and reported, in input order; the rest are in.
func Compile(entries []Entry, o Options) (*Index, []Problem) {
	x := &Index{first: map[string][]spelling{}}
	var problems []Problem
	for _, e := range entries {
		e = e.WithIdentity()
		kept := false
		for n, name := range e.Names {
			words := foldedWords(name.Text)
			if len(words) == 0 {
				problems = append(problems, Problem{e.List, e.ID, "a name has no letters to match; give it at least one word"})
				continue
			}
			kept = true
			x.first[words[0]] = append(x.first[words[0]], spelling{len(x.entries), n, words})
		}
		if kept {
			x.entries = append(x.entries, e)
		} else {
			problems = append(problems, Problem{e.List, e.ID, "the entry has no usable name; give it one"})
		}
	}
	return x, problems
}

func foldedWords(text string) []string {
	var out []string
	for _, w := range fold.Words(nil, text) {
		if s := wordKey(w.Raw(text), w.Flags); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func wordKey(raw string, f fold.Flag) string {
	if f&fold.Dense != 0 {
		return raw
	}
	return fold.Latin(raw)
}

// Find returns one Match per entry that rings in doc, in order of list and entry.
func (x *Index) Find(doc Doc) []Match {
	words := fold.Words(nil, doc.Text)
	keys := make([]string, len(words))
	for i, w := range words {
		keys[i] = wordKey(w.Raw(doc.Text), w.Flags)
	}
	found := map[int]*Match{}
	for i := range words {
		for _, s := range x.first[keys[i]] {
			if i+len(s.words) <= len(keys) && slices.Equal(s.words, keys[i:i+len(s.words)]) {
				x.note(found, s, doc.Text, words[i:i+len(s.words)])
			}
		}
	}
	out := make([]Match, 0, len(found))
	for _, m := range found {
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b Match) int {
		return cmp.Or(strings.Compare(a.List, b.List), strings.Compare(a.Entry, b.Entry))
	})
	return out
}

// note records one mention of a listed spelling.
func (x *Index) note(found map[int]*Match, s spelling, text string, words []fold.Word) {
	span := Span{words[0].Start, words[len(words)-1].End}
	m := found[s.entry]
	if m == nil {
		e := x.entries[s.entry]
		m = &Match{
			List: e.List, Entry: e.ID, Name: e.Names[0].Text, Alias: e.Names[s.name].Text,
			Tier: "confirmed", Score: 1, Bits: 30, Threshold: 22, Best: span,
		}
		for i, w := range words {
			m.Parts = append(m.Parts, Part{s.words[i], w.Raw(text), "same", 30 / float64(len(words))})
		}
		found[s.entry] = m
	}
	if len(m.Mentions) == 0 || m.Mentions[len(m.Mentions)-1].End <= span.Start {
		m.Mentions = append(m.Mentions, span)
	}
}
