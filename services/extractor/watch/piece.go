package watch

import (
	"strings"

	"tocsin/services/extractor/watch/fold"
	"tocsin/services/extractor/watch/rarity"
	"tocsin/services/extractor/watch/sound"
)

// role says what a part is within a name, where the list tells.
type role uint8

const (
	roleUnknown role = iota
	roleFamily
	roleGiven
)

// piece is one comparable part of a name: a word, or two words written as one.
type piece struct {
	word string
	code sound.Code
	sig  uint16
	kin  uint16 // group of translated given names, 0 for none
	bits float64
	// mask has one bit for each word of the name or mention that the piece covers.
	mask  uint32
	role  role
	abjad bool
	// initial: the piece is a single letter; joined: it is two words read as one.
	initial, joined bool
	// fathered: a patronymic particle stands before the part.
	fathered bool
	// cost is what reading the word this way takes from a similarity (a case ending removed).
	cost float64
}

func newPiece(word string, abjad bool) piece {
	code := sound.Encode(make(sound.Code, 0, min(len(word), sound.Max)), word)
	return piece{
		word: word, code: code, sig: sound.Signature(code), kin: equivalents[word], abjad: abjad,
		bits: rarity.Bits(word, code, abjad), initial: isInitial(word),
	}
}

// isInitial: one letter, or one sound that Latin spells with two where the full stop shows it (Kh., Yu.).
func isInitial(word string) bool { return len(word) == 1 }

// most words a name or a run is read to.
const mostWords = 16

// listedName is a watched spelling ready to be compared.
type listedName struct {
	// base are the parts that count, in order; joins are neighbours read as one word.
	base, joins []piece
	// dense is the spelling without spaces when its script writes none.
	dense string
	// suffix is the folded Jr, III and the like.
	suffix string
}

// parseName cuts a spelling into parts: titles and particles are dropped, family and given parts are marked where the
// list or a comma tells them apart.
func parseName(n Name) listedName {
	var out listedName
	ws := nameWords(n.Text)
	mark := markRoles(n, ws)
	kept := 0
	fathered := false
	for _, w := range ws {
		if !w.title && !w.particle {
			kept++
		}
	}
	for i, w := range ws {
		switch {
		case w.dense != "":
			out.dense += w.dense
			continue
		case kept > 0 && (w.title || w.particle):
			fathered = fathered || patronymics[w.latin]
			continue
		case suffixes[w.latin] && i > 0:
			out.suffix = w.latin
			continue
		case len(out.base) == mostWords:
			continue
		}
		p := newPiece(w.latin, w.abjad)
		p.mask = 1 << len(out.base)
		p.role, p.fathered = mark(i), fathered
		fathered = false
		out.base = append(out.base, p)
	}
	out.joins = joinListed(out.base)
	return out
}

// nameWord is one folded word of a listed spelling.
type nameWord struct {
	latin, dense            string
	abjad, title, particle  bool
	hyphened, afterComma    bool
	capital, lowerUnlikeAll bool
}

func nameWords(text string) []nameWord {
	var out []nameWord
	comma := false
	for _, w := range fold.Words(nil, text) {
		raw := w.Raw(text)
		comma = comma || w.Has(fold.Comma)
		if w.Has(fold.Dense) {
			out = append(out, nameWord{dense: raw})
			out = append(out, denseParts(raw)...)
			continue
		}
		for _, part := range syllableParts(raw) {
			latin := foldWord(part, w.Has(fold.Abjad))
			if latin == "" {
				continue
			}
			out = append(out, nameWord{
				latin: latin, abjad: w.Has(fold.Abjad), afterComma: comma, hyphened: w.Has(fold.Hyphened),
				title: titles[latin], particle: particles[latin],
			})
		}
	}
	markHyphenParticles(out)
	return out
}

// markHyphenParticles marks "as" of "as-Sadr" and the like.
func markHyphenParticles(ws []nameWord) {
	for i := range ws {
		if i+1 < len(ws) && ws[i+1].hyphened && hyphenParticles[ws[i].latin] {
			ws[i].particle = true
		}
	}
}

// foldWord romanises a word; the Arabic article is cut off, as it is written together with what follows.
func foldWord(raw string, abjad bool) string {
	if abjad {
		if rest, ok := strings.CutPrefix(raw, "ال"); ok && len(rest) >= 6 {
			raw = rest
		}
	}
	return fold.Latin(raw)
}

// syllableParts splits a Korean name written without a space into family and given name.
func syllableParts(raw string) []string {
	rs := []rune(raw)
	if len(rs) < 2 || len(rs) > 4 {
		return []string{raw}
	}
	for _, r := range rs {
		if fold.Syllable(r) == "" {
			return []string{raw}
		}
	}
	cut := 1
	if len(rs) == 4 {
		cut = 2
	}
	return []string{string(rs[:cut]), string(rs[cut:])}
}

// denseParts romanises a Chinese name: the first character is the family name, the rest the given name.
func denseParts(raw string) []nameWord {
	rs := []rune(raw)
	if len(rs) < 2 || len(rs) > 4 {
		return nil
	}
	for _, r := range rs {
		if fold.Pinyin(r) == "" {
			return nil
		}
	}
	cut := 1
	if len(rs) == 4 {
		cut = 2
	}
	return []nameWord{{latin: fold.Latin(string(rs[:cut]))}, {latin: fold.Latin(string(rs[cut:]))}}
}

// markRoles tells, by index of word, family from given parts: from the fields of the list, else from "FAMILY, Given".
func markRoles(n Name, ws []nameWord) func(i int) role {
	family, given := wordsOf(n.Family), wordsOf(n.Given)
	if len(family) > 0 {
		return func(i int) role {
			switch {
			case family[ws[i].latin]:
				return roleFamily
			case given[ws[i].latin] || len(given) == 0:
				return roleGiven
			}
			return roleUnknown
		}
	}
	comma := false
	for _, w := range ws {
		comma = comma || w.afterComma
	}
	return func(i int) role {
		switch {
		case !comma || suffixes[ws[len(ws)-1].latin]:
			return roleUnknown
		case ws[i].afterComma:
			return roleGiven
		}
		return roleFamily
	}
}

func wordsOf(text string) wordSet {
	s := wordSet{}
	for _, w := range nameWords(text) {
		s[w.latin] = true
	}
	return s
}

// joinListed reads neighbouring short parts as one word (Gholam Reza, Jong Un). A name of two parts is not joined: one
// word would be all that is left of it.
func joinListed(base []piece) []piece {
	if len(base) < 3 || len(base) > 8 {
		return nil
	}
	var out []piece
	for i := range len(base) - 1 {
		a, b := &base[i], &base[i+1]
		if !joinable(a.word, b.word) || a.role != b.role || a.abjad != b.abjad {
			continue
		}
		p := newPiece(a.word+b.word, a.abjad)
		p.mask, p.role, p.joined = a.mask|b.mask, a.role, true
		out = append(out, p)
	}
	return out
}

// Bounds of what is read as one word.
const (
	shortestJoin  = 6
	shortestPart  = 2
	shortFirst    = 4
	shortSecond   = 4
	longestJoined = 24
)

func joinable(a, b string) bool {
	if len(a) < shortestPart || len(b) < shortestPart || len(a)+len(b) < shortestJoin || len(a)+len(b) > longestJoined {
		return false
	}
	return len(a) <= shortFirst || len(b) <= shortSecond || gluers[a] || gluers[b]
}
