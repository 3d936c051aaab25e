package newswire

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"

	"tocsin/pkg/messages"
)

// surnames notes the first full name with each surname and says whether there is any.
func (g *gatherer) surnames() bool {
	some := false
	for i := range g.names {
		if n := &g.names[i]; n.kind == messages.KindPerson && n.words > 1 {
			form := sum(bearers, lastWord(g.folded(n)))
			if _, taken := g.last[form]; !taken {
				g.last[form] = int32(i)
			}
			some = true
		}
	}
	return some
}

// bearers keeps what surnames notes apart from what joinPeople keeps in the same map.
const bearers = "bearer"

// dropPeoples takes out single words for a people that were taken for a person ("Tajik commander"), unless the text has
// a full name with that surname ("Dawn French").
func (g *gatherer) dropPeoples() {
	people := func(n name) bool {
		return n.kind == messages.KindPerson && n.words == 1 && demonyms()[string(g.folded(&n))]
	}
	if !slices.ContainsFunc(g.names, people) {
		return
	}
	g.surnames()
	g.names = slices.DeleteFunc(g.names, func(n name) bool {
		_, surname := g.last[sum(bearers, g.folded(&n))]
		return people(n) && !surname
	})
	clear(g.last)
}

// leastShouted is how many letters a word in capitals needs to be taken for a surname: shorter ones are acronyms.
const leastShouted = 4

// shouted adds surnames in capitals that the model passed over where the text has the full name: "we know KHALIMOV".
func (g *gatherer) shouted() {
	if !g.surnames() {
		return
	}
	found, next := len(g.names), 0
	for start, end := range loudWords(g.text) {
		for next < found && g.names[next].end <= start {
			next++
		}
		if next < found && g.names[next].start < end {
			continue
		}
		lo := len(g.buf)
		var words int
		g.buf, words = appendFolded(g.buf, g.text[start:end])
		b, ok := g.last[sum(bearers, g.buf[lo:])]
		if !ok {
			g.buf = g.buf[:lo]
			continue
		}
		g.names = append(g.names, name{start: start, end: end, lo: lo, hi: len(g.buf), words: words, kind: messages.KindPerson, score: g.names[b].score})
	}
	slices.SortFunc(g.names, func(a, b name) int { return cmp.Compare(a.start, b.start) })
}

// loudWords yields the byte ranges of the words of at least leastShouted letters, all of them capitals.
func loudWords(text string) func(yield func(start, end int) bool) {
	return func(yield func(start, end int) bool) {
		for i := 0; i < len(text); {
			start, letters, loud := i, 0, true
			for i < len(text) {
				r, n := rune(text[i]), 1
				if r >= utf8.RuneSelf {
					r, n = utf8.DecodeRuneInString(text[i:])
				}
				if r < utf8.RuneSelf && !asciiWord(byte(r)) || r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
					break
				}
				letters, loud = letters+1, loud && unicode.IsUpper(r)
				i += n
			}
			if loud && letters >= leastShouted && !yield(start, i) {
				return
			}
			if i == start {
				_, n := utf8.DecodeRuneInString(text[i:])
				i += n
			}
		}
	}
}
