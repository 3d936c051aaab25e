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

// agree gives every form one kind throughout the text, the one prose gave it most often; a person's full name counts for
// its last word as well. Left alone, prose calls the same name a person here and a place there.
func agree(text string, mentions []ner.Mention) {
	votes := map[string]ballot{}
	for _, m := range mentions {
		form := ner.Fold(text[m.Start:m.End])
		votes[form] = votes[form].cast(m.Kind)
		if cut := strings.LastIndexByte(form, ' '); m.Kind == messages.KindPerson && cut >= 0 {
			votes[form[cut+1:]] = votes[form[cut+1:]].cast(m.Kind)
		}
	}
	for i, m := range mentions {
		mentions[i].Kind = votes[ner.Fold(text[m.Start:m.End])].winner()
	}
}

// ballot counts the kinds a form was given.
type ballot struct{ persons, organizations, places int }

func (b ballot) cast(kind string) ballot {
	switch kind {
	case messages.KindPerson:
		b.persons++
	case messages.KindOrganization:
		b.organizations++
	default:
		b.places++
	}
	return b
}

// winner prefers a person to an organisation to a place when the count is even.
func (b ballot) winner() string {
	switch {
	case b.persons >= b.organizations && b.persons >= b.places:
		return messages.KindPerson
	case b.organizations >= b.places:
		return messages.KindOrganization
	}
	return messages.KindPlace
}
