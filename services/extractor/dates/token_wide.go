package dates

import (
	"unicode"
	"unicode/utf8"
)

// scanHigh reads what begins with a character beyond ASCII: a space, a folded mark, a native digit or a word.
func (s *scanner) scanHigh(i int) int {
	r, size := utf8.DecodeRuneInString(s.text[i:])
	switch {
	case foldedMark(r) != 0:
		return s.emit(token{class: classPunct, mark: foldedMark(r)}, i, i+size)
	case r == softHyphen || r == '\uFEFF' || r == '\u2028' || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
		return i + size
	case nativeDigit(r) >= 0:
		return s.scanNative(i)
	case unicode.IsLetter(r):
		return s.scanWide(i)
	}
	return s.emit(token{class: classPunct, mark: markUnknown}, i, i+size)
}

// markUnknown is the mark of punctuation that no rule asks for.
const markUnknown = 1

// foldedMark maps typographic quotes, primes and dashes to ASCII, everything else to 0.
func foldedMark(r rune) byte {
	switch r {
	case '‘', '’', '‛', '′', 'ʼ', '`', '´':
		return '\''
	case '“', '”', '„', '«', '»':
		return '"'
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return '-'
	case '\u066B':
		return '.'
	case '⁄', '／', '\u061B':
		return '/'
	case '：':
		return ':'
	case '，', '\u060C', '、':
		return ','
	case '年', '月', '日':
		return cjkMark(r)
	}
	return 0
}

// Marks of the characters that follow year, month and day in Chinese and Japanese.
const (
	markYear  = 2
	markMonth = 3
	markDay   = 4
)

func cjkMark(r rune) byte {
	switch r {
	case '年':
		return markYear
	case '月':
		return markMonth
	}
	return markDay
}

// nativeDigit returns the value of a decimal digit of another script, or -1.
func nativeDigit(r rune) int {
	switch {
	case r >= '٠' && r <= '٩':
		return int(r - '٠')
	case r >= '۰' && r <= '۹':
		return int(r - '۰')
	case r >= '๐' && r <= '๙':
		return int(r - '๐')
	case r >= '०' && r <= '९':
		return int(r - '०')
	case r >= '０' && r <= '９':
		return int(r - '０')
	}
	return -1
}

// scanNative reads a run of digits of another script as a plain number; which years they count is the language's
// affair.
func (s *scanner) scanNative(i int) int {
	t := token{class: classNumber, flags: flagShort}
	j := i
	for j < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[j:])
		d := nativeDigit(r)
		if d < 0 {
			break
		}
		t.addDigit(d)
		j += size
	}
	return s.emit(t, i, j)
}

// scanEntity reads an HTML entity left over in the text as the character it stands for, where that matters.
func (s *scanner) scanEntity(i int) int {
	rest := s.text[i:min(len(s.text), i+9)]
	for _, e := range entities {
		if len(rest) >= len(e.name) && rest[:len(e.name)] == e.name {
			if e.mark == ' ' {
				return i + len(e.name)
			}
			return s.emit(token{class: classPunct, mark: e.mark}, i, i+len(e.name))
		}
	}
	return s.emit(token{class: classPunct, mark: '&'}, i, i+1)
}

// entities are the HTML entities that stand inside dates, with the mark they fold to.
var entities = [...]struct {
	name string
	mark byte
}{
	{"&nbsp;", ' '}, {"&#160;", ' '}, {"&#xa0;", ' '}, {"&thinsp;", ' '}, {"&ensp;", ' '}, {"&emsp;", ' '}, {"&#8239;", ' '},
	{"&ndash;", '-'}, {"&#8211;", '-'}, {"&mdash;", '-'}, {"&#8212;", '-'},
	{"&rsquo;", '\''}, {"&lsquo;", '\''}, {"&#8217;", '\''}, {"&#39;", '\''}, {"&#x27;", '\''}, {"&apos;", '\''},
	{"&quot;", '"'}, {"&ldquo;", '"'}, {"&rdquo;", '"'}, {"&#34;", '"'}, {"&shy;", ' '},
}
