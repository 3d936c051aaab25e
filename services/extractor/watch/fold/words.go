// Package fold cuts text into words and folds each to lower-case Latin letters, whatever its script, so that spellings
// of one name in any alphabet can be compared by sound. It is pure and keeps no state.
package fold

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Flag is a fact about a word that its letters do not show.
type Flag uint16

// Facts about a Word.
const (
	// Capital: the first letter is a capital, or its script has no case.
	Capital Flag = 1 << iota
	// Shout: two letters or more, all of them capitals.
	Shout
	// Break: a sentence, clause or line group ends before this word, so no name runs across.
	Break
	// Hyphened: a hyphen joins this word to the one before it.
	Hyphened
	// Comma: a single comma stands before this word; names run across only as "Family, Given".
	Comma
	// Dotted: one full stop follows directly, as after an initial or a title.
	Dotted
	// Possessive: the word is followed by 's or a bare apostrophe.
	Possessive
	// Abjad: the script writes no short vowels (Arabic, Hebrew).
	Abjad
	// Uncased: the script has no capitals.
	Uncased
	// Dense: the script writes no spaces (Han, Kana, Thai, Lao, Khmer, Burmese); the word is a whole run of it.
	Dense
	// Entity: the word's bytes hold an HTML character reference.
	Entity
)

// Word is one word of a text as half-open byte offsets.
type Word struct {
	Start, End int
	Flags      Flag
}

// Has says whether all of f are set.
func (w Word) Has(f Flag) bool { return w.Flags&f == f }

// Raw is the word as written, character references resolved.
func (w Word) Raw(text string) string {
	raw := text[w.Start:w.End]
	if w.Has(Entity) {
		return html.UnescapeString(raw)
	}
	return raw
}

// Words appends the words of text to dst in order. It reads each byte a bounded number of times, whatever the text.
// Bytes that are not UTF-8 separate words.
func Words(dst []Word, text string) []Word {
	s := scanner{text: text, words: dst, gap: Break}
	for s.at < len(text) {
		if !s.plainWord() {
			s.next()
		}
	}
	return s.words
}

// plainWord takes a word of ASCII letters and digits that ends at a space, comma, full stop, hyphen or line end: most
// words of most texts. Anything else is left to next.
func (s *scanner) plainWord() bool {
	text, at := s.text, s.at
	flags := s.gap
	capitals := 0
	switch classes[text[at]] {
	case upper:
		flags |= Capital
		capitals = 1
	case lower, number:
	case space:
		s.at++
		return true
	default:
		return false
	}
	end := at + 1
	for end < len(text) {
		c := classes[text[end]]
		if c > number || c == other {
			break
		}
		if c == upper {
			capitals++
		}
		end++
	}
	if end < len(text) && !endsPlain[classes[text[end]]] {
		return false
	}
	if capitals > 1 && capitals == end-at {
		flags |= Shout
	}
	s.words = append(s.words, Word{Start: at, End: end, Flags: flags})
	s.at, s.gap, s.newlines = end, 0, 0
	return true
}

// endsPlain are the classes that end a word whatever follows them.
var endsPlain = [high + 1]bool{other: true, space: true, newline: true, comma: true, dot: true, hyphen: true, slash: true}

// scanner walks a text from left to right.
type scanner struct {
	text  string
	at    int
	words []Word
	// gap gathers what stood between the last word and here.
	gap      Flag
	newlines int
}

// Byte classes of ASCII.
const (
	other byte = iota
	lower
	upper
	number
	space
	newline
	hyphen
	comma
	dot
	quote
	amp
	slash
	high
)

var classes = classTable()

func classTable() (t [256]byte) {
	for c := range t {
		switch {
		case c >= 'a' && c <= 'z':
			t[c] = lower
		case c >= 'A' && c <= 'Z':
			t[c] = upper
		case c >= '0' && c <= '9':
			t[c] = number
		case c >= utf8.RuneSelf:
			t[c] = high
		}
	}
	t[' '], t['\t'], t['\r'], t['\n'], t['-'], t[','], t['.'] = space, space, space, newline, hyphen, comma, dot
	t['\''], t['`'], t['&'], t['/'], t['"'] = quote, quote, amp, slash, space
	return t
}

// next takes one word or one separator.
func (s *scanner) next() {
	switch classes[s.text[s.at]] {
	case lower, upper, number:
		s.word()
	case space:
		s.at++
	case newline:
		s.newlines++
		if s.newlines > 1 {
			s.gap |= Break
		}
		s.at++
	case hyphen:
		s.hyphen(1)
	case comma:
		s.comma(1)
	case dot:
		s.dot()
	case quote:
		s.at++
	case amp, high:
		s.wide()
	default:
		s.gap |= Break
		s.at++
	}
}

func (s *scanner) hyphen(width int) {
	touching := len(s.words) > 0 && s.joinedTo(s.words[len(s.words)-1].End) && s.at+width < len(s.text)
	if touching && classes[s.text[s.at+width]] != space && classes[s.text[s.at+width]] != hyphen {
		s.gap |= Hyphened
	} else {
		s.gap |= Break
	}
	s.at += width
}

// joinedTo says whether nothing but an apostrophe stands between a word's end and here: Ho'-kyu.
func (s *scanner) joinedTo(end int) bool {
	if end == s.at {
		return true
	}
	if end >= s.at || s.gap != 0 {
		return false
	}
	r, width, _ := s.rune(end)
	return end+width == s.at && kind(r) == quoteRune
}

func (s *scanner) comma(width int) {
	if s.gap&Comma != 0 {
		s.gap |= Break
	}
	s.gap |= Comma
	s.at += width
}

// dot ends a sentence unless it directly follows a word; what it means there is for the reader of Dotted to say.
func (s *scanner) dot() {
	if n := len(s.words); n > 0 && s.words[n-1].End == s.at && s.gap == 0 {
		s.words[n-1].Flags |= Dotted
	} else {
		s.gap |= Break
	}
	s.at++
}

// wide handles what is not plain ASCII: a letter of another script, a typographic mark, or a character reference.
func (s *scanner) wide() {
	r, width, ref := s.rune(s.at)
	switch kind(r) {
	case letterRune, denseRune:
		s.word()
	case joinRune:
		s.at += width
	case spaceRune:
		s.at += width
	case lineRune:
		s.gap |= Break
		s.at += width
	case hyphenRune:
		s.hyphen(width)
	case commaRune:
		s.comma(width)
	case quoteRune:
		s.at += width
	default:
		if r != '&' || ref {
			s.gap |= Break
		}
		s.at += width
	}
}

// rune decodes the rune at i, resolving a character reference; ref says that there was one.
func (s *scanner) rune(i int) (r rune, width int, ref bool) {
	if s.text[i] == '&' {
		if r, width := reference(s.text[i:]); width > 0 {
			return r, width, true
		}
		return '&', 1, false
	}
	r, width = utf8.DecodeRuneInString(s.text[i:])
	return r, width, false
}

// longestReference bounds the look ahead for a semicolon.
const longestReference = 12

// reference decodes a character reference that ends in a semicolon and stands for one rune.
func reference(text string) (rune, int) {
	end := strings.IndexByte(text[:min(len(text), longestReference)], ';')
	if end < 2 {
		return 0, 0
	}
	out := html.UnescapeString(text[:end+1])
	r, n := utf8.DecodeRuneInString(out)
	if n != len(out) || r == utf8.RuneError {
		return 0, 0
	}
	return r, end + 1
}

// Rune kinds.
const (
	otherRune = iota
	letterRune
	denseRune
	joinRune
	spaceRune
	lineRune
	hyphenRune
	commaRune
	quoteRune
)

func kind(r rune) int {
	if r >= 'À' && r <= 'ʯ' && r != '×' && r != '÷' || r >= 'Ѐ' && r <= 'ҁ' || r >= 'Ҋ' && r <= 'ԯ' {
		return letterRune
	}
	switch r {
	case '’', '‘', 'ʼ', 'ʻ', '´', 'ʿ', 'ʾ', 'ʹ', '′', 'ˈ', '\'', '`', '׳', '＇':
		return quoteRune
	case '\u200b', '\u200c', '\u200d', '\u00ad', '\ufeff', '\u200e', '\u200f', '\u2060', 'ـ', '\u202a', '\u202b', '\u202c':
		return joinRune
	case '‐', '‑', '־', '-':
		return hyphenRune
	case '،', '、', ',', '，':
		return commaRune
	case '\u2028', '\u2029', '\u0085':
		return lineRune
	case '·', '・', '‧', '•', '“', '”', '„', '«', '»':
		return spaceRune
	case utf8.RuneError:
		return otherRune
	}
	switch {
	case dense(r):
		return denseRune
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r):
		return letterRune
	case unicode.IsSpace(r):
		return spaceRune
	}
	return otherRune
}

// dense says whether r belongs to a script that writes no spaces between words.
func dense(r rune) bool {
	switch {
	case r < 0x0E00:
		return false
	case r <= 0x0EFF, r >= 0x1000 && r <= 0x109F, r >= 0x1780 && r <= 0x17FF:
		return true
	case r >= 0x3040 && r <= 0x30FF, r >= 0x3400 && r <= 0x9FFF, r >= 0xF900 && r <= 0xFAFF, r >= 0x20000 && r <= 0x3FFFF:
		return r != '・'
	}
	return r == '々' || r == '〆'
}

// word takes the letters from s.at on as one word.
func (s *scanner) word() {
	w := Word{Start: s.at, Flags: s.gap}
	shape := shape{}
	if s.letters(&w, &shape) {
		s.possessive(&w)
	}
	if w.End == w.Start { // no letter: skip what started it
		s.at = max(s.at, w.Start+1)
		return
	}
	w.Flags |= shape.flags()
	s.words = append(s.words, w)
	s.gap, s.newlines = 0, 0
}

// shape is what the letters of a word look like.
type shape struct {
	letters, capitals    int
	first                bool
	abjad, uncased, wide bool
}

func (h *shape) add(r rune) {
	if unicode.IsMark(r) {
		return
	}
	h.letters++
	if unicode.IsUpper(r) || unicode.IsTitle(r) {
		h.capitals++
		h.first = h.first || h.letters == 1
	}
	if h.letters == 1 && r >= utf8.RuneSelf && unicode.IsLetter(r) && !unicode.IsLower(r) {
		h.first = true
		h.uncased = !unicode.IsUpper(r) && !unicode.IsTitle(r)
	}
	if r >= 0x0590 && r <= 0x08FF || r >= 0xFB1D && r <= 0xFEFC {
		h.abjad = true
	}
	h.wide = h.wide || dense(r)
}

func (h *shape) flags() (f Flag) {
	if h.first {
		f |= Capital
	}
	if h.letters > 1 && h.capitals == h.letters {
		f |= Shout
	}
	if h.abjad {
		f |= Abjad
	}
	if h.uncased {
		f |= Uncased
	}
	if h.wide {
		f |= Dense
	}
	return f
}

// letters extends w over letters, marks, joiners and apostrophes inside the word. It reports whether the word may be
// followed by a possessive ending.
func (s *scanner) letters(w *Word, h *shape) bool {
	isDense := false
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch classes[c] {
		case lower, upper, number:
			if isDense {
				return false
			}
			h.letters++
			if classes[c] == upper {
				h.capitals++
				h.first = h.first || h.letters == 1
			}
			s.at++
			w.End = s.at
			continue
		case quote:
			if isDense || !s.inside(w, 1) {
				return !isDense
			}
			s.at++
			continue
		case amp, high:
		default:
			return true
		}
		r, width, ref := s.rune(s.at)
		k := kind(r)
		if k == quoteRune {
			if isDense || !s.inside(w, width) {
				return !isDense
			}
			s.at += width
			continue
		}
		if k == letterRune && isDense && !unicode.IsMark(r) || k == denseRune && !isDense && w.End > w.Start {
			return false
		}
		if k != letterRune && k != denseRune && k != joinRune {
			return true
		}
		isDense = isDense || k == denseRune
		if ref {
			w.Flags |= Entity
		}
		s.at += width
		if k != joinRune {
			h.add(r)
			w.End = s.at
		}
	}
	return true
}

// inside says whether the apostrophe at s.at, width bytes wide, stands inside the word: a letter follows, and neither a
// possessive s nor an elided article (d'Abdul, l'Iran) ends here.
func (s *scanner) inside(w *Word, width int) bool {
	next := s.at + width
	if next >= len(s.text) || w.End == w.Start {
		return false
	}
	r, n, _ := s.rune(next)
	if kind(r) != letterRune {
		return false
	}
	if (r == 's' || r == 'S') && !s.letterAt(next+n) {
		return false
	}
	if elided(s.text[w.Start:w.End]) {
		return false
	}
	if !strings.HasPrefix(s.text[s.at:], "'") && s.text[s.at] == '&' {
		w.Flags |= Entity
	} else if s.text[s.at] == '&' {
		w.Flags |= Entity
	}
	return true
}

// elided says whether a word before an apostrophe is an article or preposition of French, Italian or Catalan.
func elided(word string) bool {
	switch word {
	case "d", "D", "l", "L", "qu", "Qu", "QU", "dell", "Dell", "all", "nell", "sull", "dall":
		return true
	}
	return false
}

func (s *scanner) letterAt(i int) bool {
	if i >= len(s.text) {
		return false
	}
	r, _, _ := s.rune(i)
	k := kind(r)
	return k == letterRune || k == joinRune
}

// possessive skips an 's or a bare apostrophe after a word.
func (s *scanner) possessive(w *Word) {
	if s.at >= len(s.text) {
		return
	}
	r, width, _ := s.rune(s.at)
	if kind(r) != quoteRune {
		return
	}
	next := s.at + width
	if next < len(s.text) && s.text[next]|0x20 == 's' && !s.letterAt(next+1) {
		w.Flags |= Possessive
		s.at = next + 1
	}
}
