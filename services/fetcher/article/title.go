package article

import (
	"strings"
	"unicode"
	"unicode/utf8"

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

// textLetters is how long a text must be to tell an article by: shorter ones are often the same for many.
const textLetters = 150

// TextKey is the same for items of one source that say the same, whatever their titles are; "" for a text too short to tell
// an article by.
func TextKey(source string, it Item) string {
	summary, content := fold(it.Summary), fold(it.Content)
	if utf8.RuneCountInString(summary)+utf8.RuneCountInString(content) < textLetters {
		return ""
	}
	return messages.Hash("text", source, summary, content)
}
