package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s as it is compared: lower case, without accents, compatibility forms resolved (ﬁ is fi), every run of white space
// one space, none at the ends. Fold(Fold(s)) == Fold(s).
func Fold(s string) string {
	b := make([]byte, 0, len(s)+len(s)/8)
	for len(s) > 0 {
		word, plain := leading(s)
		s = s[len(word):]
		switch {
		case word == "":
			s = s[1:] // ASCII white space, which no fold reaches across
		case plain:
			b = appendLower(separate(b), word)
		default:
			for part := range strings.FieldsSeq(foldLetters(word)) {
				b = append(separate(b), part...)
			}
		}
	}
	return string(b)
}

// leading returns what s begins with up to ASCII white space, and whether it is ASCII.
func leading(s string) (word string, plain bool) {
	plain = true
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' || c >= '\t' && c <= '\r':
			return s[:i], plain
		case c >= utf8.RuneSelf:
			plain = false
		}
	}
	return s, plain
}

// separate appends a space unless b is empty.
func separate(b []byte) []byte {
	if len(b) > 0 {
		b = append(b, ' ')
	}
	return b
}

func appendLower(b []byte, ascii string) []byte {
	for i := range len(ascii) {
		c := ascii[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}

// foldLetters folds case and accents and keeps everything else.
func foldLetters(s string) string {
	if isLowerASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "")) { // a broken byte would keep its neighbour whole
		r = unicode.ToLower(r)
		if plain, ok := undecomposed(r); ok {
			b.WriteString(plain)
			continue
		}
		if !isAccent(r) {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// isAccent reports a combining diacritical mark. The marks of scripts that spell with them (Devanagari, Thai) stay.
func isAccent(r rune) bool {
	return r >= 0x0300 && r <= 0x036f || r >= 0x1ab0 && r <= 0x1aff || r >= 0x1dc0 && r <= 0x1dff
}

func isLowerASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			return false
		}
	}
	return true
}

// undecomposed folds the Latin letters that Unicode does not take apart, as the asciifolding filter of Lucene does.
func undecomposed(r rune) (string, bool) {
	switch r {
	case 'ł', 'ƚ':
		return "l", true
	case 'ø', 'ɵ':
		return "o", true
	case 'đ', 'ð', 'ɖ', 'ɗ':
		return "d", true
	case 'ħ':
		return "h", true
	case 'ı', 'ɨ':
		return "i", true
	case 'ŧ':
		return "t", true
	case 'ŋ':
		return "n", true
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'þ':
		return "th", true
	case 'ə', 'ǝ':
		return "a", true
	case '‘', '’', '‛', 'ʼ', 'ʻ':
		return "'", true
	}
	return "", false
}
