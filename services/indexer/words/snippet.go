package words

import (
	"strings"
	"unicode/utf8"

	"tocsin/pkg/messages"
)

// Snippet is a piece of a text, with the words that were asked for marked.
type Snippet struct {
	Text string `json:"text"`
	// Marks are half-open byte ranges of Text, ascending, on rune boundaries.
	Marks []messages.Span `json:"marks,omitempty"`
}

// ellipsis stands where a snippet leaves text out.
const ellipsis = "…"

// found is one place of the text that answers a term.
type found struct {
	messages.Span
	term int
}

// Snip returns about width bytes of text where most different terms of s stand together, the earliest of equals. Line
// breaks become spaces. Without any term it is the beginning of the text.
func Snip(text string, s Search, width int) Snippet {
	hits := s.find(text)
	start, end := window(text, hits, width)
	out := Snippet{Text: text[start:end]}
	shift := -start
	if start > 0 {
		out.Text = ellipsis + out.Text
		shift += len(ellipsis)
	}
	if end < len(text) {
		out.Text += ellipsis
	}
	out.Text = flat.Replace(out.Text)
	covered := start
	for _, h := range hits {
		if h.Start >= covered && h.End <= end {
			out.Marks = append(out.Marks, messages.Span{Start: h.Start + shift, End: h.End + shift})
			covered = h.End
		}
	}
	return out
}

// flat replaces bytes one by one, so that offsets stay.
var flat = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ")

// find lists where the search's positive terms stand, ascending.
func (s Search) find(text string) []found {
	var terms []Term
	for _, c := range s.All {
		terms = append(terms, c...)
	}
	if len(terms) == 0 {
		return nil
	}
	var spans []messages.Span
	var stems []string
	for start, end := range Split(text) {
		spans = append(spans, messages.Span{Start: start, End: end})
		stems = append(stems, Stem(foldLetters(text[start:end])))
	}
	want := make([][]string, len(terms))
	for i, t := range terms {
		for _, w := range t.Words {
			want[i] = append(want[i], Stem(w))
		}
	}
	var all []found
	for at := range spans {
		for i, t := range terms {
			if n := len(want[i]); starts(stems[at:], want[i], t.Prefix) {
				all = append(all, found{messages.Span{Start: spans[at].Start, End: spans[at+n-1].End}, i})
			}
		}
	}
	return all
}

// starts reports whether the stems begin with the wanted ones, the last of them a prefix only if so asked.
func starts(stems, want []string, prefix bool) bool {
	if len(stems) < len(want) {
		return false
	}
	for i, w := range want {
		if stems[i] != w && (!prefix || i < len(want)-1 || !strings.HasPrefix(stems[i], w)) {
			return false
		}
	}
	return true
}

// window chooses the piece of text to show, between words.
func window(text string, hits []found, width int) (start, end int) {
	best := -1
	for i, h := range hits {
		seen := map[int]bool{}
		for _, g := range hits[i:] {
			if g.End-h.Start > width {
				break
			}
			seen[g.term] = true
		}
		if len(seen) > best {
			best, start = len(seen), h.Start
		}
	}
	start = wordStart(text, start-width/4)
	if len(text)-start <= width {
		return start, len(text)
	}
	if end = strings.LastIndexAny(text[start:start+width], " \n\t"); end > width/2 {
		return start, start + end
	}
	for end = start + width; !utf8.RuneStart(text[end]); end-- {
	}
	return start, end
}

// wordStart moves i forward to the start of a word, but not far; to the beginning of the text when that is near.
func wordStart(text string, i int) int {
	if i <= 0 {
		return 0
	}
	if gap := strings.IndexAny(text[i:min(len(text), i+30)], " \n\t"); gap >= 0 {
		return i + gap + 1
	}
	for !utf8.RuneStart(text[i]) {
		i++
	}
	return i
}
