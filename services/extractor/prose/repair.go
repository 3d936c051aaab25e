package prose

import (
	"strings"
	"unicode"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/ner"
)

// pieces cuts a span where no name goes on: at the end of a line, at commas, dashes between words, quotes and brackets.
// prose runs over them when the words on both sides look alike to it.
func pieces(text string, s ner.Span) []ner.Span {
	var list []ner.Span
	start := s.Start
	for i, r := range text[s.Start:s.End] {
		if strings.ContainsRune("\n,;:–—|/\"“”()[]", r) {
			list = append(list, ner.Span{Start: start, End: s.Start + i})
			start = s.Start + i + len(string(r))
		}
	}
	return append(list, ner.Span{Start: start, End: s.End})
}

// named reports whether a piece may be a name: it holds a capital.
func named(s string) bool { return strings.ContainsFunc(s, unicode.IsUpper) }

// agree gives every form one kind throughout the text: that of the person whose last word it is, else the one prose
// gave it most often, the first of equals. Left alone, prose calls the same name a person here and a place there.
func agree(text string, mentions []ner.Mention) {
	votes := map[string]map[string]int{}
	surnames := map[string]bool{}
	for _, m := range mentions {
		form := ner.Fold(text[m.Start:m.End])
		if votes[form] == nil {
			votes[form] = map[string]int{}
		}
		votes[form][m.Kind]++
		if cut := strings.LastIndexByte(form, ' '); m.Kind == messages.KindPerson && cut >= 0 {
			surnames[form[cut+1:]] = true
		}
	}
	decided := map[string]string{}
	for i, m := range mentions {
		form := ner.Fold(text[m.Start:m.End])
		if decided[form] == "" {
			decided[form] = winner(votes[form], m.Kind)
			if surnames[form] {
				decided[form] = messages.KindPerson
			}
		}
		mentions[i].Kind = decided[form]
	}
}

// winner is the kind with the most votes; first wins a tie.
func winner(votes map[string]int, first string) string {
	best := first
	for _, kind := range []string{messages.KindPerson, messages.KindOrganization, messages.KindPlace} {
		if votes[kind] > votes[best] {
			best = kind
		}
	}
	return best
}
