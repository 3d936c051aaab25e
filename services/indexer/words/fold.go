package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s as it is compared: lower case, without accents, compatibility forms resolved, every run of white space
// one space, none at the ends. Fold(Fold(s)) == Fold(s).
func Fold(s string) string { return strings.Join(strings.Fields(foldLetters(s)), " ") }

// foldLetters folds case and accents and keeps everything else.
func foldLetters(s string) string {
	if isLowerASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		if plain, ok := undecomposed(r); ok {
			b.WriteString(plain)
			continue
		}
		if r != utf8.RuneError && !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
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
