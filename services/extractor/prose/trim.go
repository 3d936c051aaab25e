package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/ner"
)

// trim takes off what prose takes along: punctuation at both ends, a possessive, and before a person the titles.
func trim(text string, s ner.Span, kind string) ner.Span {
	s = edges(text, s)
	for _, tail := range []string{"'s", "’s", "'", "’"} {
		if strings.HasSuffix(text[s.Start:s.End], tail) {
			s.End -= len(tail)
			break
		}
	}
	if kind == messages.KindPerson {
		s = untitled(text, s)
	}
	return edges(text, s)
}

// edges takes off everything at both ends that no name begins or ends with. A full stop stays where it belongs to an
// abbreviation or an initial, as in "Co." or "John F.".
func edges(text string, s ner.Span) ner.Span {
	for s.Start < s.End {
		r, size := utf8.DecodeRuneInString(text[s.Start:s.End])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			break
		}
		s.Start += size
	}
	for s.Start < s.End {
		r, size := utf8.DecodeLastRuneInString(text[s.Start:s.End])
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '.' && dotted(text[s.Start:s.End-size]) {
			break
		}
		s.End -= size
	}
	return s
}

// dotted reports whether a name may keep the full stop behind it.
func dotted(name string) bool {
	word := name[strings.LastIndexByte(name, ' ')+1:]
	return utf8.RuneCountInString(word) == 1 || strings.ContainsRune(word, '.') || stops[strings.ToLower(word)]
}

// untitled takes the titles off the front of a person, as long as a name remains.
func untitled(text string, s ner.Span) ner.Span {
	for {
		word, rest, more := strings.Cut(text[s.Start:s.End], " ")
		if !more || !titles[strings.ToLower(strings.TrimSuffix(word, "."))] {
			return s
		}
		s.Start = s.End - len(strings.TrimLeft(rest, " "))
	}
}

var titles = words(`mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend father sister pope bishop
	archbishop cardinal imam sheikh ayatollah mullah gen general col colonel lt lieutenant maj major capt captain cpl sgt
	sergeant adm admiral cmdr commander brig brigadier marshal president vice prime minister chancellor premier king queen
	prince princess emir sultan sen senator rep representative gov governor mayor ambassador secretary judge justice
	spokesman spokeswoman chairman chief director former deputy foreign interior defense defence`)

var stops = words(`co corp inc ltd bros jr sr st u.s`)

func words(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}
