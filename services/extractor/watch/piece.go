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
	// rival is not 0 for the few words that have a rival.
	rival  uint16
	weight int // of the code
	bits   float64
	// mask has one bit for each word of the name or mention that the piece covers.
	mask  uint32
	role  role
	abjad bool
	// initial: the piece is a single letter; joined: it is two words read as one.
	initial, joined bool
	// fathered: a patronymic particle stands before the part.
	fathered bool
	// honour: a title that is also a name; unexplained it means nothing.
	honour bool
	// cost is what reading the word this way takes from a similarity (a case ending removed).
	cost float64
}

func newPiece(word string, abjad bool) piece {
	code := sound.Encode(make(sound.Code, 0, min(len(word), sound.Max)), word)
	rare := rarityOf(word, code, abjad)
	return piece{
		word: word, code: code, sig: sound.Signature(code), weight: sound.Weight(code),
		kin: kinOf(word), rival: rivalWords[word], abjad: abjad, honour: honorifics[word],
		bits: rare, initial: isInitial(word),
	}
}

// rarityOf is the rarity of a part in bits; titles that are also names, and the first half of "servant of the", say little.
func rarityOf(word string, code sound.Code, abjad bool) float64 {
	switch {
	case word == servantWord:
		return servantBits
	case honorifics[word]:
		return honourBits
	}
	return rarity.Bits(word, code, abjad)
}

// honourBits is what a title says that is part of a name.
const honourBits = 4.0

// isInitial: one letter, or one sound that Latin spells with two where the full stop shows it (Kh., Yu.).
func isInitial(word string) bool { return len(word) == 1 }

// most words a name or a run is read to.
const mostWords = 16

// listedName is a spelling ready to be compared: of a list, or a mention in a text.
type listedName struct {
	// base are the parts that count, in order; joins are neighbours read as one word.
	base, joins []piece
	// dense is the spelling without spaces when its script writes none.
	dense string
	// suffix is the folded Jr, III and the like.
	suffix string
}

// nameForm is a spelling as folded words, before anything is known of them.
type nameForm struct {
	parts  []formPart
	dense  string
	suffix string
}

// formPart is one word of a nameForm that counts.
type formPart struct {
	word  string
	abjad bool
	role  role
	// fathered: a patronymic particle stands before the word; lead is what particles stand directly before it.
	fathered bool
	lead     string
}

// readName cuts a spelling into words: titles and particles are dropped, family and given parts are marked where the
// list or a comma tells them apart.
func readName(n Name) nameForm {
	var out nameForm
	ws := nameWords(n.Text)
	mark := markRoles(n, ws)
	content := 0
	for _, w := range ws {
		if !w.title && !w.particle && w.dense == "" {
			content++
		}
	}
	counting := content > 0
	fathered, lead := false, ""
	for i, w := range ws {
		switch {
		case w.dense != "":
			out.dense += w.dense
			continue
		case counting && w.title && (content > 1 || !honorifics[w.latin]): // Mullah Omar needs its Mullah
			continue
		case counting && w.particle:
			fathered = fathered || patronymics[w.latin]
			lead += w.latin
			continue
		case suffixes[w.latin] && i > 0:
			out.suffix = w.latin
			continue
		case len(out.parts) == mostWords:
			continue
		}
		out.parts = append(out.parts, formPart{w.latin, w.abjad, mark(i), fathered, lead})
		fathered, lead = false, ""
	}
	return out
}

// joins lists the parts that are also read as one word with the part that follows (Gholam Reza, Jong Un, Abd al-Rahman). A name
// of two parts is not joined: one word would be all that is left of it.
func (f *nameForm) joins() []int {
	if len(f.parts) < 3 || len(f.parts) > 8 {
		return nil
	}
	var out []int
	for i := range len(f.parts) - 1 {
		a, b := &f.parts[i], &f.parts[i+1]
		if a.role == b.role && a.abjad == b.abjad && (joinable(a.word, b.word) || a.role == roleFamily && doubleFamily(a.word, b.word)) {
			out = append(out, i)
		}
	}
	return out
}

// joined is the word that parts i and i+1 make.
func (f *nameForm) joined(i int) string {
	return joinWords(f.parts[i].word, f.parts[i+1].lead, f.parts[i+1].word)
}

// joinWords writes two words with the particles between them as one; "servant of the" has its article already.
func joinWords(a, lead, b string) string {
	if a == servantWord {
		lead = ""
	}
	return a + lead + b
}

// parseName reads a spelling for comparing.
func parseName(n Name) listedName {
	f := readName(n)
	out := listedName{dense: f.dense, suffix: f.suffix}
	for i, part := range f.parts {
		p := newPiece(part.word, part.abjad)
		p.mask, p.role, p.fathered = 1<<i, part.role, part.fathered
		out.base = append(out.base, p)
	}
	for _, i := range f.joins() {
		p := newPiece(f.joined(i), out.base[i].abjad)
		p.mask, p.role, p.joined = out.base[i].mask|out.base[i+1].mask, out.base[i].role, true
		out.joins = append(out.joins, p)
	}
	return out
}

// nameWord is one folded word of a listed spelling.
type nameWord struct {
	latin, dense           string
	abjad, title, particle bool
	hyphened, afterComma   bool
}

func nameWords(text string) []nameWord {
	var out []nameWord
	comma := false
	all := fold.Words(nil, text)
	for _, w := range all {
		raw := w.Raw(text)
		comma = comma || w.Has(fold.Comma)
		if w.Has(fold.Dense) {
			out = append(out, nameWord{dense: raw})
			out = append(out, denseParts(raw)...)
			continue
		}
		for _, part := range syllableParts(raw, len(all) == 1) {
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
	return servant(fold.Latin(raw))
}

// servant writes every form of "servant of the", the first half of many Arabic names, alike.
func servant(latin string) string {
	switch latin {
	case "abd", "abdel", "abdal", "abdol", "abdur", "abdus", "abdu", "abdil", "abdool", "abdoul", "abdoel", "abdun", "abdut", "abdush":
		return servantWord
	}
	return latin
}

// servantWord stands for all of these; alone it says next to nothing, as another name always follows.
const (
	servantWord = "abdul"
	servantBits = 4.0
)

// syllableParts splits a Korean name written without a space into family and given name; whole says that nothing else
// belongs to the name.
func syllableParts(raw string, whole bool) []string {
	rs := []rune(raw)
	if !whole || len(rs) < 2 || len(rs) > 4 {
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

// Bounds of what is read as one word.
const (
	shortestJoin  = 4
	shortestHalf  = 3
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

// doubleFamily says whether two family names may be written as one: Rafat Nejad, Gohari Moqadam.
func doubleFamily(a, b string) bool {
	return len(a) >= shortestHalf && len(b) >= shortestHalf && len(a)+len(b) <= longestJoined
}

// nameWordsPlain is every word of a text, folded.
func nameWordsPlain(text string) []string {
	var out []string
	for _, w := range fold.Words(nil, text) {
		if s := fold.Latin(w.Raw(text)); s != "" {
			out = append(out, s)
		}
	}
	return out
}
