package watch

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestSentence bounds what is quoted on either side of a mention, in bytes.
const longestSentence = 400

// sentence is the sentence around a span, white space at its ends removed.
func sentence(text string, at Span) string {
	start, end := at.Start, at.End
	for start > 0 && at.Start-start < longestSentence {
		r, width := utf8.DecodeLastRuneInString(text[:start])
		if r == '\n' || ends(r) && spaceFollows(text[start:]) {
			break
		}
		start -= width
	}
	for end < len(text) && end-at.End < longestSentence {
		r, width := utf8.DecodeRuneInString(text[end:])
		if r == '\n' {
			break
		}
		end += width
		if ends(r) && spaceFollows(text[end:]) {
			break
		}
	}
	return strings.TrimSpace(text[start:end])
}

func ends(r rune) bool { return strings.ContainsRune(".!?。؟।", r) }

func spaceFollows(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || unicode.IsSpace(r) || r == '"' || r == '”' || r > 0x2E80
}
