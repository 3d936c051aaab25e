package pubdate

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a number or a word or one other rune.
type token struct {
	start, end int
	kind       byte // '0' number, 'a' word, else the rune itself, or '?' beyond ASCII
	value      int  // of a number
	digits     int
	word       string // in lower case
}

// digitZeros are the zeros of the scripts whose digits are read.
var digitZeros = []rune{'0', '٠', '۰', '०', '০', '๐'}

func digit(r rune) (int, bool) {
	if r < utf8.RuneSelf {
		return int(r - '0'), r >= '0' && r <= '9'
	}
	for _, zero := range digitZeros {
		if r >= zero && r <= zero+9 {
			return int(r - zero), true
		}
	}
	return 0, false
}

// alone are letters that stand for a whole word: year, month and day in Chinese, Japanese and Korean.
const alone = "年月日년월일"

func isAlone(r rune) bool { return r >= utf8.RuneSelf && strings.ContainsRune(alone, r) }

// tokenBytes is how many bytes of running text make a token, about.
const tokenBytes = 5

// tokens takes text apart; blanks of all kinds are left out. Numbers keep their first nine digits' value.
func tokens(text string) []token {
	out := make([]token, 0, len(text)/tokenBytes)
	for i := 0; i < len(text); {
		if text[i] == ' ' {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		t := token{start: i, end: i + n, kind: '?'}
		_, isDigit := digit(r)
		switch {
		case blank(r):
			i += n
			continue
		case isDigit:
			t = number(text, i)
		case isAlone(r):
			t.kind, t.word = 'a', string(r)
		case unicode.IsLetter(r):
			t = word(text, i)
		case r < utf8.RuneSelf:
			t.kind = byte(r)
		case r == '–' || r == '—' || r == '−':
			t.kind = '-'
		}
		out = append(out, t)
		i = t.end
	}
	return out
}

func blank(r rune) bool {
	return unicode.IsSpace(r) || r >= utf8.RuneSelf && (r == '\u200b' || r == '\u200e' || r == '\u200f' || r == '\u00ad')
}

func number(text string, start int) token {
	t := token{start: start, end: start, kind: '0'}
	for t.end < len(text) {
		r, n := utf8.DecodeRuneInString(text[t.end:])
		d, ok := digit(r)
		if !ok {
			break
		}
		if t.digits++; t.digits <= 9 {
			t.value = t.value*10 + d
		}
		t.end += n
	}
	return t
}

// maxWord is the length beyond which a word is no month and no weekday.
const maxWord = 40

func word(text string, start int) token {
	end := start
	for end < len(text) {
		if c := text[end] | 0x20; c >= 'a' && c <= 'z' {
			end++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[end:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) || isAlone(r) {
			break
		}
		end += n
	}
	t := token{start: start, end: end, kind: 'a'}
	if end-start <= maxWord {
		t.word = strings.ToLower(text[start:end])
	}
	return t
}
