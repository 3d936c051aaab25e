package watch

import (
	"strings"
	"unicode/utf8"

	"tocsin/services/extractor/watch/fold"
	"tocsin/services/extractor/watch/sound"
)

// phrases are the names that are matched as sequences: organisations word by word, and spellings in scripts without
// spaces character by character.
type phrases struct {
	// orgs lead from the sound frame of the first word to organisations.
	orgs  map[string][]uint32
	names []phrase
	// dense leads from the first character to spellings.
	dense map[rune][]uint32
	texts []denseName
}

// phrase is one spelling of an organisation.
type phrase struct {
	entry uint32
	text  string
	kind  kindByte
	words []piece
	// formed: legal forms were left out of words.
	formed bool
}

// denseName is one spelling in a script without spaces.
type denseName struct {
	entry uint32
	text  string
	runes []rune
	kind  kindByte
}

type phraseBuilder struct{ phrases }

// addOrganization files one spelling of an organisation.
func (b *phraseBuilder) addOrganization(entry uint32, n Name) bool {
	words, dense, formed := organizationWords(n.Text)
	if dense != "" {
		b.addDense(entry, n, dense)
	}
	if len(words) == 0 {
		return dense != ""
	}
	if b.orgs == nil {
		b.orgs = map[string][]uint32{}
	}
	frame := sound.Frame(words[0].code)
	b.orgs[frame] = append(b.orgs[frame], uint32(len(b.names))) //nolint:gosec // below 2^32
	b.names = append(b.names, phrase{entry, n.Text, kindCode(n.Kind), words, formed})
	return true
}

func (b *phraseBuilder) addDense(entry uint32, n Name, dense string) {
	if b.dense == nil {
		b.dense = map[rune][]uint32{}
	}
	d := denseName{entry, n.Text, []rune(dense), kindCode(n.Kind)}
	b.dense[d.runes[0]] = append(b.dense[d.runes[0]], uint32(len(b.texts))) //nolint:gosec // below 2^32
	b.texts = append(b.texts, d)
}

func (b *phraseBuilder) build() phrases { return b.phrases }

// organizationWords are the words that tell an organisation: without legal forms, articles and conjunctions, unless
// nothing else is left.
func organizationWords(text string) (words []piece, dense string, formed bool) {
	var all []piece
	for _, w := range fold.Words(nil, text) {
		raw := w.Raw(text)
		if w.Has(fold.Dense) {
			dense += raw
			continue
		}
		latin := foldWord(raw, w.Has(fold.Abjad))
		if latin == "" {
			continue
		}
		p := newPiece(latin, w.Has(fold.Abjad))
		all = append(all, p)
		formed = formed || legalForms[latin]
		if !connectors[latin] && !legalForms[latin] {
			words = append(words, p)
		}
	}
	if len(words) == 0 {
		return all, dense, false
	}
	return words, dense, formed
}

// sameOrgWord is the similarity from which two words of an organisation's name are one.
const sameOrgWord = 0.9

// findPhrases searches the text for organisations and dense spellings of one level.
func (s *session) findPhrases(slot int) {
	p := &s.x.levels[slot].phrases
	if len(p.orgs) == 0 && len(p.dense) == 0 {
		return
	}
	for i := range s.w.words {
		switch id := s.w.ids[i]; s.w.opens(id, slot) {
		case opensDense:
			s.findDense(slot, i)
		case opensName:
			for _, n := range p.orgs[sound.Frame(s.w.lex[id].piece.code)] {
				s.tryOrganization(slot, &p.names[n], i)
			}
		}
	}
}

// opening says what may begin with a word.
type opening uint8

const (
	opensUnknown opening = iota
	opensNothing
	opensName
	opensDense
)

// opens says what of a level may begin with a word, from memory where it was asked before.
func (w *worker) opens(id int32, slot int) opening {
	d := w.desks[slot]
	if int(id) >= len(d.opens) {
		d.opens = append(d.opens, make([]opening, len(w.lex)-len(d.opens))...)
	}
	o := &d.opens[id]
	if *o == opensUnknown {
		*o = d.level.phrases.opens(&w.lex[id])
	}
	return *o
}

func (p *phrases) opens(x *lexeme) opening {
	switch {
	case x.dense != "":
		if len(p.dense) > 0 {
			return opensDense
		}
	case x.piece.word != "" && !connectors[x.piece.word] && len(p.orgs[sound.Frame(x.piece.code)]) > 0:
		return opensName
	}
	return opensNothing
}

// tryOrganization lays an organisation over the words from i on, connectors and legal forms passed over.
func (s *session) tryOrganization(slot int, n *phrase, i int) {
	c := candidate{slot: slot, entry: n.entry, first: int32(i), kind: n.kind, phrase: true, source: n.text, alone: true, exact: true} //nolint:gosec // below 2 GiB
	ordinary := true
	small := 0
	at := i
	for k := range n.words {
		for k > 0 && at < len(s.w.words) && !s.stopsPhrase(at) && s.passedOver(at) && s.wordAt(at) != n.words[k].word {
			at++
		}
		if at >= len(s.w.words) || k > 0 && s.stopsPhrase(at) {
			return
		}
		x := &s.w.lex[s.w.ids[at]]
		similar, rule := meet(&n.words[k], &x.piece)
		if x.piece.word == "" || similar < sameOrgWord || rule == ruleInitial && len(n.words) == 1 {
			return
		}
		ordinary = ordinary && x.is(isOrdinary|isMixed|isTitle|isThing) || x.country != 0
		if k > 0 && !s.caseless && !s.w.words[at].Has(fold.Capital) && x.is(isOrdinary|isMixed) {
			small++
		}
		c.exact = c.exact && similar == 1
		bits := worth(&n.words[k], &x.piece, similar, rule)
		c.parts = append(c.parts, Part{n.words[k].word, s.doc.Text[s.w.words[at].Start:s.w.words[at].End], rule, bits})
		c.verdict.bits += bits
		c.last = int32(at) //nolint:gosec // below 2 GiB
		at++
	}
	if small > 0 {
		c.verdict.against("written small", "", float64(small)*smallWord)
	}
	if len(n.words) == 1 {
		s.loneWord(&c, n)
	}
	s.keepOrganization(&c, len(n.words), ordinary)
}

func (s *session) wordAt(i int) string { return s.w.lex[s.w.ids[i]].piece.word }

func (s *session) passedOver(i int) bool {
	w := s.wordAt(i)
	return connectors[w] || legalForms[w]
}

// stopsPhrase says whether a sentence or clause ends before word i.
func (s *session) stopsPhrase(i int) bool { return s.w.words[i].Has(fold.Break) }

// Evidence of organisations beyond their words.
const (
	wholeOrgBits  = 3.0
	wordInOrg     = 6.0 // another capitalised word stands beside a name of one word
	smallWord     = 5.0 // an ordinary word of the name is written as one
	noLegalForm   = 5.0 // a name of one word has lost its Ltd, Group or Trust
	shortestOneWd = 4
)

// keepOrganization judges the surroundings of an organisation and keeps it.
func (s *session) keepOrganization(c *candidate, words int, ordinary bool) {
	first := s.w.words[c.first]
	if words == 1 {
		if ordinary || len(c.parts[0].Watched) < shortestOneWd && !first.Has(fold.Shout) {
			return
		}
		if first.Has(fold.Shout) || c.exact {
			c.verdict.bits++
			c.parts[0].Bits++
		}
	}
	if !s.caseless && !first.Has(fold.Capital) {
		if ordinary {
			return
		}
		c.verdict.against("written small", "", 2)
	}
	c.verdict.bits += wholeOrgBits
	c.parts = append(c.parts, Part{Watched: c.source, Word: s.doc.Text[first.Start:s.w.words[c.last].End], Rule: ruleWhole, Bits: wholeOrgBits})
	if next := int(c.last) + 1; next < len(s.w.words) && s.nameGoesOn(next) {
		c.verdict.against("goes on after", s.wordAt(next), goesOnAfter+boolBits(words == 1, wordInOrg))
	}
	if c.verdict.bits < s.need {
		return
	}
	c.verdict.score = 1
	for _, p := range c.parts {
		if p.Rule != ruleSame && p.Rule != ruleWhole {
			c.verdict.score = 0.95
		}
	}
	c.span = Span{first.Start, s.w.words[c.last].End}
	for i := c.first; i <= c.last; i++ {
		c.lex = append(c.lex, s.w.ids[i])
	}
	s.found = append(s.found, *c)
}

// loneWord counts what speaks against an organisation of one word: its legal form is missing, or the word is part of a
// longer name (al-Aqsa Mosque).
func (s *session) loneWord(c *candidate, n *phrase) {
	next := int(c.last) + 1
	follows := next < len(s.w.words) && !s.endsHere(next)
	if n.formed && !(follows && legalForms[s.wordAt(next)]) {
		c.verdict.against("legal form left out", "", noLegalForm)
	}
	if follows && !s.caseless && s.w.words[next].Has(fold.Capital) && !s.w.words[c.last].Has(fold.Possessive) &&
		s.w.lex[s.w.ids[next]].is(isOrdinary|isMixed|isThing) && !s.w.lex[s.w.ids[next]].is(isTitle|isJob|isStop) && !legalForms[s.wordAt(next)] {
		c.verdict.against("goes on after", s.wordAt(next), wordInOrg)
	}
}

func boolBits(b bool, bits float64) float64 {
	if b {
		return bits
	}
	return 0
}

// nameGoesOn says whether word i directly carries a capitalised name on.
func (s *session) nameGoesOn(i int) bool {
	w, x := s.w.words[i], &s.w.lex[s.w.ids[i]]
	return !s.endsHere(i) && w.Has(fold.Capital) && !s.caseless && !x.is(isOrdinary|isStop|isTitle|isJob) && x.country == 0 && x.piece.word != "" &&
		!legalForms[x.piece.word]
}

// Evidence of one character of a dense script, in bits, and the most that a spelling can give.
const (
	hanBits      = 7.0
	syllableBits = 4.5
	denseExact   = 3.0
	mostDense    = 40.0
)

// findDense searches a run of a script without spaces for listed spellings; separating dots, spaces and line breaks
// inside are passed over.
func (s *session) findDense(slot, i int) {
	p := &s.x.levels[slot].phrases
	w := s.w.words[i]
	for at := w.Start; at < w.End; {
		r, width := utf8.DecodeRuneInString(s.doc.Text[at:])
		for _, n := range p.dense[r] {
			if end := denseMatch(s.doc.Text, at, p.texts[n].runes); end > 0 {
				s.keepDense(slot, &p.texts[n], i, Span{at, end})
			}
		}
		at += width
	}
}

func denseMatch(text string, at int, runes []rune) int {
	for k, want := range runes {
		for {
			if at >= len(text) {
				return 0
			}
			r, width := utf8.DecodeRuneInString(text[at:])
			if k > 0 && r != want && strings.ContainsRune("・·‧• \n\u3000\u200b\u00ad", r) {
				at += width
				continue
			}
			if r != want {
				return 0
			}
			at += width
			break
		}
	}
	return at
}

func (s *session) keepDense(slot int, n *denseName, word int, span Span) {
	c := candidate{
		slot: slot, entry: n.entry, kind: n.kind, phrase: true, source: n.text, alone: true, exact: true, span: span,
		first: int32(word), last: int32(word), lex: []int32{s.w.ids[word]}, //nolint:gosec // below 2 GiB
	}
	bits := denseExact
	for _, r := range n.runes {
		if fold.Pinyin(r) != "" {
			bits += hanBits
		} else {
			bits += syllableBits
		}
	}
	c.verdict = verdict{bits: min(bits, mostDense), score: 1}
	c.parts = []Part{{n.text, s.doc.Text[span.Start:span.End], ruleSame, c.verdict.bits}}
	if c.verdict.bits >= s.need {
		s.found = append(s.found, c)
	}
}
