package ner

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"tocsin/pkg/messages"
)

// Mention is one place where a recogniser saw a name.
type Mention struct {
	Span
	// Kind is messages.KindPerson, KindOrganization or KindPlace.
	Kind string
	// Score is in [0, 1]; 0 when the recogniser gives none.
	Score float64
}

// Group gathers the mentions of a text into entities, in order of first mention. Mentions of one kind whose folded
// forms agree are one entity; a single word joins the person seen before it whose last word it is, so that "Khalimov"
// is counted with "Gulmurod Khalimov". Spans that are empty, overlap an earlier one or do not lie in text are left out.
func Group(text string, mentions []Mention) []Entity {
	g := grouping{text: text, byKey: map[string]int{}, bySurname: map[string]int{}}
	slices.SortStableFunc(mentions, func(a, b Mention) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	end := 0
	for _, m := range mentions {
		if m.Start < end || m.End <= m.Start || m.End > len(text) {
			continue
		}
		if g.add(m) {
			end = m.End
		}
	}
	return g.entities
}

type grouping struct {
	text      string
	entities  []Entity
	byKey     map[string]int // kind and folded form → entity
	bySurname map[string]int // folded last word of a longer person → entity, the latest
}

// add places a mention, false when nothing of it can be read as a name.
func (g *grouping) add(m Mention) bool {
	form := strings.Join(strings.Fields(g.text[m.Start:m.End]), " ")
	folded := Fold(form)
	if folded == "" {
		return false
	}
	key := m.Kind + ":" + folded
	i, known := g.byKey[key]
	if !known && m.Kind == messages.KindPerson && !strings.Contains(folded, " ") {
		i, known = g.bySurname[folded]
	}
	if !known {
		i = len(g.entities)
		g.entities = append(g.entities, Entity{Kind: m.Kind, Key: key, Canonical: form})
		g.byKey[key] = i
	}
	e := &g.entities[i]
	e.Mentions = append(e.Mentions, m.Span)
	e.Score = max(e.Score, m.Score)
	if cut := strings.LastIndexByte(folded, ' '); m.Kind == messages.KindPerson && cut >= 0 {
		g.bySurname[folded[cut+1:]] = i
	}
	return true
}

// Fold lowers letters, keeps digits and makes everything between them one space: the form two spellings are compared
// in when only case and punctuation should not matter.
func Fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		case r == '.' || r == '\'' || r == '’': // U.S. is US, O'Neil is one word
		default:
			gap = true
		}
	}
	return b.String()
}
