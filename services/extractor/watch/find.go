package watch

import (
	"cmp"
	"slices"
	"strings"

	"tocsin/services/extractor/watch/fold"
)

// session is the search of one text.
type session struct {
	x   *Index
	w   *worker
	doc Doc
	// caseless: the text as a whole is in one case, so capitals say nothing.
	caseless bool
	// need is the evidence below which a candidate is dropped before its context is looked at; slack is how far below the
	// threshold of its list a name is looked for of whose entry nothing else is known.
	need, slack float64
	found       []candidate
	scratch     listedName
	clues       *clues
	// lone are the words that stand alone, once somebody asked.
	lone []int32
	// phraseAt remembers where phrases of the entries stand.
	phraseAt map[string][]int32
}

// mostContext is the most that context adds to a candidate.
const mostContext = 7.0

// Find returns one Match per entry that rings in doc, in order of list and entry.
func (x *Index) Find(doc Doc) []Match {
	matches, _ := x.Search(doc, 0)
	return matches
}

// Near returns the matches that missed their threshold by at most within bits, otherwise as Find does; what rings is
// not among them.
func (x *Index) Near(doc Doc, within float64) []Match {
	_, near := x.Search(doc, within)
	return near
}

// Search is Find and Near in one pass: what rings, and what misses its threshold by at most within bits or is held back
// although it reaches it (Match.Held says by what). Near misses cost little more than what rings: each bit of within
// lets a few more candidates through to be judged. With within zero, near is nil.
func (x *Index) Search(doc Doc, within float64) (rang, near []Match) {
	w := x.pool.take()
	defer x.pool.put(w)
	w.sit(x.levels)
	s := &w.session
	*s = session{x: x, w: w, doc: doc, need: slices.Min(x.lowest) - mostContext - within, slack: probableFrom + within, found: s.found[:0], scratch: s.scratch}
	if len(doc.Entities) > 0 {
		s.slack += recognisedBits
	}
	s.read()
	w.family.reset()
	s.cut()
	for slot := range x.levels {
		s.findPhrases(slot)
	}
	if len(s.found) > 0 {
		rang, near = s.resolve(within)
	}
	s.doc, s.x = Doc{}, nil
	clear(s.found)
	return rang, near
}

// needs is the evidence that a name must be able to reach for it to be verified: its list's threshold less what context
// could add. What is two bits short is still wanted as a further mention of its entry.
func (s *session) needs(slot int, entry uint32) float64 {
	t := &s.x.levels[slot].entries
	bar := s.x.bars[slot][t.list[entry]]
	if t.bare(entry) {
		return bar - s.slack
	}
	return min(bar-s.slack, bar-mostContext-(s.slack-probableFrom))
}

// capitalShare is the share of capitalised words from which, and up to which, capitals mean something.
const (
	fewCapitals  = 0.02
	mostCapitals = 0.85
)

// read cuts the text into words and looks each up.
func (s *session) read() {
	w := s.w
	w.words = fold.Words(w.words[:0], s.doc.Text)
	n := len(w.words)
	w.ids, w.facts = slices.Grow(w.ids[:0], n)[:n], slices.Grow(w.facts[:0], n)[:n]
	cased, capitals, shouts := 0, 0, 0
	for i := range w.words {
		w.ids[i], w.facts[i] = w.lexeme(s.doc.Text, &w.words[i])
		f := w.words[i].Flags
		if f&fold.Uncased != 0 {
			continue
		}
		cased++
		if f&fold.Capital != 0 {
			capitals++
		}
		if f&fold.Shout != 0 {
			shouts++
		}
	}
	share := float64(capitals) / float64(max(cased, 1))
	s.caseless = share <= fewCapitals || float64(shouts) >= mostCapitals*float64(cased)
}

// sortMatches orders by list and entry.
func sortMatches(m []Match) {
	slices.SortFunc(m, func(a, b Match) int {
		return cmp.Or(strings.Compare(a.List, b.List), strings.Compare(a.Entry, b.Entry))
	})
}
