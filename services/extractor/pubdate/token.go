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
	for _, zero := range digitZeros {
		if r >= zero && r <= zero+9 {
			return int(r - zero), true
		}
	}
	return 0, false
}

// alone are letters that stand for a whole word: year, month and day in Chinese, Japanese and Korean.
const alone = "年月日년월일"

// tokens takes text apart; blanks of all kinds are left out. Numbers keep their first nine digits' value.
func tokens(text string) []token {
	var out []token
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		t := token{start: i, end: i + n, kind: '?'}
		_, isDigit := digit(r)
		switch {
		case unicode.IsSpace(r) || r == '\u200b' || r == '\u200e' || r == '\u200f' || r == '\u00ad':
			i += n
			continue
		case isDigit:
			t = number(text, i)
		case strings.ContainsRune(alone, r):
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
		r, n := utf8.DecodeRuneInString(text[end:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) || strings.ContainsRune(alone, r) {
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
