package newswire

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// appendFolded appends the words of a name in the form in which two spellings are the same name: lower case, accents
// taken off, Cyrillic in Latin letters, full stops and apostrophes gone, one space for all else. It returns the number
// of words, 0 when there is no letter or digit.
func appendFolded(dst []byte, s string) ([]byte, int) {
	words, gap := 0, true
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		switch {
		case r == '.' || r == '\'' || r == '’' || r == '‘' || r == '`' || r == 'ʼ' || unicode.Is(unicode.Mn, r) || r == '\u00ad':
		case r < utf8.RuneSelf && !asciiWord(byte(r)), r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r):
			gap = true
		default:
			if gap {
				if words > 0 {
					dst = append(dst, ' ')
				}
				words, gap = words+1, false
			}
			dst = appendLetter(dst, r, s[i:i+n])
		}
		i += n
	}
	return dst, words
}

func asciiWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// appendLetter appends one letter or digit, written as s.
func appendLetter(dst []byte, r rune, s string) []byte {
	if r < utf8.RuneSelf {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, byte(r))
	}
	if l, ok := latin[unicode.ToLower(r)]; ok {
		return append(dst, l...)
	}
	if d := norm.NFD.PropertiesString(s).Decomposition(); len(d) > 0 {
		r, _ = utf8.DecodeRune(d)
		if l, ok := latin[unicode.ToLower(r)]; ok {
			return append(dst, l...)
		}
	}
	return utf8.AppendRune(dst, unicode.ToLower(r))
}

// latin spells letters that do not decompose to a Latin base; Cyrillic after the passport rules of ICAO Doc 9303.
var latin = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ı': "i", 'ŋ': "n",
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "ie", 'ы': "y", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
	'і': "i", 'ї': "i", 'є': "ie", 'ґ': "g", 'ў': "u", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'ђ': "d", 'џ': "dz",
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l",
	'μ': "m", 'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f",
	'χ': "ch", 'ψ': "ps", 'ω': "o",
}
