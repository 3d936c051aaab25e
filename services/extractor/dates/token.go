package dates

import (
	"unicode"
	"unicode/utf8"
)

// token is a word, a number, a punctuation mark or an empty line, with its half-open byte offsets.
type token struct {
	start, end int32
	value      int32 // of a number, or the lexicon entry's
	class      class
	word       word
	flags      flag
	mark       byte // a number's count of digits, a punctuation's folded character
}

func (t *token) has(f flag) bool { return t.flags&f != 0 }

func (t *token) glued() bool { return t.flags&flagGlued != 0 }

// is tells whether t is the punctuation c; curly quotes and all dashes are folded to ' " and -.
func (t *token) is(c byte) bool { return t.class == classPunct && t.mark == c }

// byteKind sorts the first byte of a token.
type byteKind uint8

const (
	byteMark byteKind = iota
	byteSpace
	byteLine
	byteLetter
	byteDigit
	byteHigh // the beginning of a character beyond ASCII
	byteEntity
)

var byteKinds = func() (k [256]byteKind) {
	for c := range k {
		switch {
		case c >= 0x80:
			k[c] = byteHigh
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			k[c] = byteLetter
		case '0' <= c && c <= '9':
			k[c] = byteDigit
		case c == '\n':
			k[c] = byteLine
		case c <= ' ':
			k[c] = byteSpace
		case c == '&':
			k[c] = byteEntity
		}
	}
	return k
}()

func letterAt(s string, i int) bool { return i < len(s) && byteKinds[s[i]] == byteLetter }

func digitAt(s string, i int) bool { return i < len(s) && byteKinds[s[i]] == byteDigit }

// maxText bounds what is read of one text, so that offsets fit a token.
const maxText = 1 << 30

// scanner cuts a text into tokens in one pass.
type scanner struct {
	text    string
	lex     *lexicon
	tokens  []token // all of its length is room
	n       int     // how much of it is used
	pending flag    // what the gap before the next token says
	last    int     // where the last token ended
}

// scan returns the tokens of text in order, in room if they fit. Every byte is looked at a bounded number of times.
func scan(text string, lex *lexicon, room []token) []token {
	if n := len(text)/5 + 16; n > len(room) {
		room = make([]token, n)
	}
	s := scanner{text: text[:min(len(text), maxText)], lex: lex, tokens: room}
	for i := 0; i < len(s.text); {
		switch byteKinds[s.text[i]] {
		case byteSpace:
			i++
		case byteLetter:
			i = s.scanWord(i)
		case byteLine:
			i = s.scanLine(i)
		case byteDigit:
			i = s.scanNumber(i)
		case byteHigh:
			i = s.scanHigh(i)
		case byteEntity:
			i = s.scanEntity(i)
		default:
			i = s.emit(token{class: classPunct, mark: s.text[i]}, i, i+1)
		}
	}
	return s.tokens[:s.n]
}

// emit files a token and returns where it ends.
func (s *scanner) emit(t token, start, end int) int {
	t.start, t.end = int32(start), int32(end)
	t.flags |= s.pending
	if start == s.last && start > 0 {
		t.flags |= flagGlued
	}
	s.pending, s.last = 0, end
	s.push(t)
	return end
}

// push files a token; the room grows by doubling.
func (s *scanner) push(t token) {
	if s.n == len(s.tokens) {
		s.grow()
	}
	s.tokens[s.n] = t
	s.n++
}

func (s *scanner) grow() {
	more := make([]token, 2*len(s.tokens)+16)
	copy(more, s.tokens)
	s.tokens = more
}

// scanLine reads a line break: an empty line becomes a token of its own, a single break is a space.
func (s *scanner) scanLine(i int) int {
	j := i + 1
	for j < len(s.text) && byteKinds[s.text[j]] == byteSpace {
		j++
	}
	if j < len(s.text) && s.text[j] == '\n' {
		if s.n == 0 || s.tokens[s.n-1].class != classBlank {
			s.emit(token{class: classBlank}, i, i+1)
		}
	}
	s.pending |= flagWrapped
	return j
}

// scanWord reads a word of ASCII letters and hands over when other letters or soft hyphens follow.
func (s *scanner) scanWord(i int) int {
	text := s.text
	var hi, lo uint64
	j := i
	for ; j < len(text); j++ {
		c := text[j]
		if byteKinds[c] != byteLetter {
			break
		}
		hi = hi<<8 | lo>>56
		lo = lo<<8 | uint64(c|0x20)
	}
	if j < len(text) && text[j] >= 0x80 && continues(text[j:]) {
		return s.scanWide(i)
	}
	k := key{hi: hi, lo: lo, n: uint8(j - i)}
	if k.n == 1 {
		if end := meridiemEnd(text, i); end > 0 {
			return s.emit(meridiem(text[i]), i, end)
		}
	}
	e := s.lex.find(k)
	if e.class == classOther && j+2 < len(text) && text[j] == '-' {
		if e2, end := s.hyphenated(k, j); end > 0 {
			e, j = e2, end
		}
	}
	return s.emitWord(k, e, i, j)
}

// emitWord files a word with what its lexicon entry and its looks say.
func (s *scanner) emitWord(k key, e entry, i, j int) int {
	flags := e.flags | s.pending
	if i == s.last && i > 0 {
		flags |= flagGlued
	}
	if first := s.text[i]; first <= 'Z' {
		flags |= flagCapital
		if j-i > 1 && s.text[i+1] <= 'Z' {
			flags |= flagShout
		}
	}
	if e.class == classOther && uint16(k.lo) == 'e'<<8|'d' && k.n > 4 && e.flags == 0 && e.word == wordNone {
		flags |= flagPast
	}
	s.pending, s.last = 0, j
	s.push(token{int32(i), int32(j), int32(e.value), e.class, e.word, flags, 0})
	return j
}

// meridiemEnd returns the end of "a.m." or "p.m" at i, or 0.
func meridiemEnd(text string, i int) int {
	if c := text[i] | 0x20; c != 'a' && c != 'p' {
		return 0
	}
	j := i + 3
	if j > len(text) || text[i+1] != '.' || text[i+2]|0x20 != 'm' || letterAt(text, j) {
		return 0
	}
	if j < len(text) && text[j] == '.' {
		j++
	}
	return j
}

func meridiem(c byte) token {
	t := token{class: classMeridiem}
	if c|0x20 == 'p' {
		t.value = 12
	}
	return t
}

// hyphenated joins a word cut at the end of a line, "Febru-\nary", when the whole is in the lexicon and its first
// part is not. The second part is bounded by the longest word a key can tell apart.
func (s *scanner) hyphenated(k key, j int) (entry, int) {
	j++
	if s.text[j] == '\r' {
		j++
	}
	if j >= len(s.text) || s.text[j] != '\n' {
		return entry{}, 0
	}
	for j++; letterAt(s.text, j) && k.n < 32; j++ {
		k.push(s.text[j] | 0x20)
	}
	e := s.lex.find(k)
	if e.class == classOther {
		return e, 0
	}
	return e, j
}

// continues tells whether a word goes on with the non-ASCII character that rest begins with.
func continues(rest string) bool {
	r, size := utf8.DecodeRuneInString(rest)
	if r == softHyphen {
		return letterAt(rest, size)
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)
}

const softHyphen = '\u00AD'

// scanWide reads a word in which any letter may stand, folding case by Unicode and dropping soft hyphens.
func (s *scanner) scanWide(i int) int {
	var k key
	var buf [utf8.UTFMax]byte
	first, _ := utf8.DecodeRuneInString(s.text[i:])
	j := i
	for j < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[j:])
		if r == softHyphen && j+size < len(s.text) && s.text[j+size] == '\n' {
			size++ // a soft hyphen at the end of a line joins both lines
		}
		if r != softHyphen && !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
			break
		}
		if r != softHyphen {
			for _, b := range buf[:utf8.EncodeRune(buf[:], unicode.ToLower(r))] {
				k.push(b)
			}
		}
		j += size
	}
	e := s.lex.find(k)
	t := token{class: e.class, word: e.word, flags: e.flags, value: int32(e.value)}
	if unicode.IsUpper(first) {
		t.flags |= flagCapital
	}
	return s.emit(t, i, j)
}
