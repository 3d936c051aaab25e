package lang

import (
	"unicode"
	"unicode/utf8"

	"github.com/RadhiFadlillah/whatlanggo"
)

// script is a way of writing, and which languages it may be: those whose profiles tell them apart, or the only one there is.
type script struct {
	letters  *unicode.RangeTable
	profiles string // the script's name in the table of profiles; "" for a script of one language
	only     whatlanggo.Lang
}

// scripts are all that are known. The order decides between scripts that a text has equally many letters of.
var scripts = []script{
	{unicode.Latin, "latin", 0}, {unicode.Cyrillic, "cyrillic", 0}, {unicode.Arabic, "arabic", 0}, {unicode.Devanagari, "devanagari", 0},
	{kana, "", whatlanggo.Jpn}, {unicode.Ethiopic, "ethiopic", 0}, {unicode.Hebrew, "hebrew", 0}, {unicode.Bengali, "", whatlanggo.Ben},
	{unicode.Georgian, "", whatlanggo.Kat}, {unicode.Han, "", whatlanggo.Cmn}, {unicode.Hangul, "", whatlanggo.Kor},
	{unicode.Greek, "", whatlanggo.Ell}, {unicode.Kannada, "", whatlanggo.Kan}, {unicode.Tamil, "", whatlanggo.Tam},
	{unicode.Thai, "", whatlanggo.Tha}, {unicode.Gujarati, "", whatlanggo.Guj}, {unicode.Gurmukhi, "", whatlanggo.Pan},
	{unicode.Telugu, "", whatlanggo.Tel}, {unicode.Malayalam, "", whatlanggo.Mal}, {unicode.Oriya, "", whatlanggo.Ori},
	{unicode.Myanmar, "", whatlanggo.Mya}, {unicode.Sinhala, "", whatlanggo.Sin}, {unicode.Khmer, "", whatlanggo.Khm},
}

// kana are the letters of Japanese beside the Chinese characters.
var kana = &unicode.RangeTable{
	R16: append(append([]unicode.Range16{}, unicode.Hiragana.R16...), unicode.Katakana.R16...),
	R32: append(append([]unicode.Range32{}, unicode.Hiragana.R32...), unicode.Katakana.R32...),
}

// scriptOf is the script that a text has most letters of, as whatlanggo.DetectScript counts them; nil for none.
func scriptOf(text string) *script {
	order := make([]int, len(scripts)) // those found stand nearer the front, so that they are tried first
	for i := range order {
		order[i] = i
	}
	counts := make([]int, len(scripts))
	for _, r := range text {
		if r < utf8.RuneSelf && !isASCIILetter(r) || r >= utf8.RuneSelf && gap(r) {
			continue
		}
		for i, s := range order {
			if !has(s, r) {
				continue
			}
			if counts[s]++; counts[s] > len(text)/2 {
				return &scripts[s]
			}
			if i > 0 {
				order[i], order[i-1] = order[i-1], order[i]
			}
			break // no letter is of two scripts
		}
	}
	return most(order, counts)
}

// has reports whether a character is a letter of a script, by its place in scripts.
func has(s int, r rune) bool {
	if r < utf8.RuneSelf {
		return s == 0 // the only script with letters in ASCII
	}
	return unicode.Is(scripts[s].letters, r)
}

// most is the script with the highest count. Kana that are found before the Chinese characters make the text Japanese
// however few they are.
func most(order, counts []int) *script {
	best, japanese := -1, -1
	for _, s := range order {
		if counts[s] == 0 || best >= 0 && counts[s] <= counts[best] {
			continue
		}
		if best = s; scripts[s].letters == kana {
			japanese = s
		}
	}
	switch {
	case best < 0:
		return nil
	case japanese >= 0 && scripts[best].letters == unicode.Han:
		best = japanese
	}
	return &scripts[best]
}

func isASCIILetter(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' }

// gap reports whether a character parts words for the trigrams: white space, punctuation, a symbol or a digit.
func gap(r rune) bool {
	if r < utf8.RuneSelf {
		return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsDigit(r)
	}
	return !unicode.IsLetter(r) && (unicode.IsSymbol(r) || unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsDigit(r))
}
