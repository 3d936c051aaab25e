package maintext

import (
	"strings"
	"unicode/utf8"
)

// Limit cuts text to at most limit bytes: at the end of a paragraph when one ends in the last quarter, else between
// words, else between characters. cut says whether anything went.
func Limit(text string, limit int) (short string, cut bool) {
	if len(text) <= limit {
		return text, false
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	head := text[:limit]
	for _, sep := range []string{"\n\n", "\n", " "} {
		if i := strings.LastIndex(head, sep); i >= limit*3/4 {
			return strings.TrimRight(head[:i], " \n|"), true
		}
	}
	return head, true
}
