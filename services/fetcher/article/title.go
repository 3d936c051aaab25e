package article

import (
	"strings"
	"unicode"

	"tocsin/pkg/messages"
)

// Titles shorter than this say too little to tell an article: "Weather", "Letters to the editor".
const (
	titleWords   = 4
	titleLetters = 12
)

// TitleKey is the same for items of one source whose titles have the same letters and digits, however they are written; ""
// for a title too short to tell an article by: fewer than four words, or without spaces between them twelve letters.
func TitleKey(source, title string) string {
	folded := fold(title)
	words := 0
	for word := range strings.FieldsSeq(title) {
		if strings.ContainsFunc(word, unicode.IsLetter) {
			words++
		}
	}
	letters := len([]rune(folded))
	spaceless := words < titleWords && strings.ContainsFunc(folded, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) })
	if letters < titleLetters || words < titleWords && !spaceless {
		return ""
	}
	return messages.Hash("title", source, folded)
}
