package ner

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSentence is where a text without full stops is cut, between words where it has any.
const maxSentence = 1000

// Sentences yields the sentences of text in order, without the white space around them. A sentence ends at a blank
// line, or at a full stop, question or exclamation mark with what closes it, when white space follows and the next word
// does not begin in lower case; not after an initial or a known abbreviation. None is longer than 1,000 bytes.
func Sentences(text string) iter.Seq[Span] {
	return func(yield func(Span) bool) {
		for start := 0; start < len(text); {
			end := sentenceEnd(text, start)
			if s := trimmed(text, Span{start, end}); s.End > s.Start && !yield(s) {
				return
			}
			start = end
		}
	}
}

// sentenceEnd returns where the sentence that begins at start is over, beyond start.
func sentenceEnd(text string, start int) int {
	limit := min(len(text), start+maxSentence)
	for i := start; i < limit; i++ {
		switch text[i] {
		case '\n':
			if blankAfter(text[i+1:]) && strings.TrimSpace(text[start:i]) != "" {
				return i + 1
			}
		case '.', '!', '?':
			if end, ok := stop(text, start, i); ok {
				return end
			}
		}
	}
	return wordBreak(text, start, limit)
}

// blankAfter reports whether the rest of a text begins with an empty line.
func blankAfter(rest string) bool {
	return strings.HasPrefix(strings.TrimLeft(rest, " \t\r"), "\n")
}

// stop decides whether the mark at i ends the sentence, and where what closes it is over.
func stop(text string, start, i int) (end int, ok bool) {
	end = i + 1
	for end < len(text) {
		if end-start >= maxSentence { // a row of dots may go on for pages
			return end, true
		}
		r, size := utf8.DecodeRuneInString(text[end:])
		if !strings.ContainsRune(".!?)]}\"'’”»", r) {
			break
		}
		end += size
	}
	if end == len(text) {
		return end, true
	}
	next := strings.TrimLeft(text[end:], " \t\r\n")
	if len(next) == len(text)-end { // no white space: 3.5, U.S., example.org
		return 0, false
	}
	first, _ := utf8.DecodeRuneInString(next)
	if unicode.IsLower(first) {
		return 0, false
	}
	return end, text[i] != '.' || end > i+1 || !abbreviated(text[start:i])
}

// abbreviated reports whether the word before a full stop is one that usually carries it: an initial, a title, a month.
func abbreviated(before string) bool {
	word := before[strings.LastIndexAny(before, " \t\n\r(\"'“‘—–-")+1:]
	if _, size := utf8.DecodeLastRuneInString(word); size == len(word) && word != "" {
		r, _ := utf8.DecodeRuneInString(word)
		return unicode.IsUpper(r)
	}
	return abbreviations[strings.ToLower(word)]
}

var abbreviations = set(`mr mrs ms dr prof rev fr sr jr st messrs mme hon gen col lt maj capt cpl sgt pvt adm cmdr
	brig sen rep gov pres amb min vs no fig vol art sec dept univ assn bros corp inc ltd co cos approx est jan feb mar
	apr jun jul aug sept sep oct nov dec mon tue tues wed thu thurs fri sat sun u.s u.k u.n e.g i.e a.m p.m ph.d`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// wordBreak returns limit, or the last white space before it when the text goes on beyond, always on a rune boundary
// and beyond start.
func wordBreak(text string, start, limit int) int {
	if limit == len(text) {
		return limit
	}
	if i := strings.LastIndexAny(text[start:limit], " \n\t"); i > 0 {
		return start + i + 1
	}
	for limit > start+1 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return limit
}

func trimmed(text string, s Span) Span {
	part := text[s.Start:s.End]
	left := strings.TrimLeftFunc(part, unicode.IsSpace)
	s.Start += len(part) - len(left)
	s.End = s.Start + len(strings.TrimRightFunc(left, unicode.IsSpace))
	return s
}
