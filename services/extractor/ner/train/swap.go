package train

import (
	"math/rand/v2"
	"strings"
	"unicode"

	"tocsin/services/extractor/ner/bio"
)

// Names are what Swap draws from, each a phrase in lower case with single spaces.
type Names struct {
	Given, Family, Countries, Cities, Clubs []string
}

// Swap returns copies of documents in which every name that belongs to a known kind stands for another of its kind,
// the same one throughout a document: people by their parts, countries, towns, and organisations that bear a town's or
// a club's name. It teaches how names are used apart from which names they are. The copies depend on seed alone.
func Swap(docs []bio.Document, names Names, copies int, seed uint64) []bio.Document {
	s := swapper{names: names, countries: asSet(names.Countries), cities: asSet(names.Cities), clubs: asSet(names.Clubs)}
	var out []bio.Document
	for n := range copies {
		for i, d := range docs {
			s.rng = rand.New(rand.NewPCG(seed+uint64(n), uint64(i)))
			s.chosen = map[string]string{}
			out = append(out, s.document(d))
		}
	}
	return out
}

type swapper struct {
	names                    Names
	countries, cities, clubs map[string]bool
	rng                      *rand.Rand
	chosen                   map[string]string // what a word or phrase was changed to in this document
}

func asSet(list []string) map[string]bool {
	m := map[string]bool{}
	for _, w := range list {
		m[w] = true
	}
	return m
}

func (s *swapper) document(d bio.Document) bio.Document {
	out := make(bio.Document, len(d))
	for i, sent := range d {
		at := 0
		for _, n := range bio.Spans(sent.Tags) {
			out[i].Add(sent.Tokens[at:n.Start], "")
			out[i].Add(s.name(sent.Tokens[n.Start:n.End], n.Type), n.Type)
			at = n.End
		}
		out[i].Add(sent.Tokens[at:], "")
	}
	return out
}

// name returns the tokens to put in the place of a name.
func (s *swapper) name(tokens []string, typ string) []string {
	phrase := strings.ToLower(strings.Join(tokens, " "))
	switch {
	case typ == bio.Person:
		return s.person(tokens)
	case typ == bio.Place && s.countries[phrase]:
		return s.phrase(tokens, s.names.Countries)
	case typ == bio.Place && s.cities[phrase]:
		return s.phrase(tokens, s.names.Cities)
	case typ == bio.Organization && (s.cities[phrase] || s.clubs[phrase]):
		if s.rng.IntN(3) == 0 {
			return s.phrase(tokens, s.names.Clubs)
		}
		return s.phrase(tokens, s.names.Cities)
	}
	return tokens
}

// person changes every part of a person's name that is a plain word; initials and suffixes stay.
func (s *swapper) person(tokens []string) []string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		list := s.names.Family
		if i == 0 && len(tokens) > 1 {
			list = s.names.Given
		}
		if len([]rune(t)) < 3 || !unicode.IsUpper([]rune(t)[0]) || strings.HasSuffix(t, ".") {
			out[i] = t
			continue
		}
		out[i] = cased(s.choose("person "+strings.ToLower(t), list), t)
	}
	return out
}

func (s *swapper) phrase(tokens []string, list []string) []string {
	like := strings.Join(tokens, " ")
	// a town and the team that bears its name change alike
	words := strings.Fields(s.choose(strings.ToLower(like), list))
	for i, w := range words {
		words[i] = cased(w, tokens[min(i, len(tokens)-1)])
	}
	return words
}

func (s *swapper) choose(old string, list []string) string {
	if c, ok := s.chosen[old]; ok {
		return c
	}
	c := list[s.rng.IntN(len(list))]
	s.chosen[old] = c
	return c
}

// cased writes a lower-case word in capitals when like is, else with a capital first and after hyphens.
func cased(word, like string) string {
	if len(like) > 1 && strings.ToUpper(like) == like {
		return strings.ToUpper(word)
	}
	switch word {
	case "of", "and", "the", "de", "da", "la", "al", "del", "du", "des", "y", "e":
		return word
	}
	var b strings.Builder
	up := true
	for _, r := range word {
		if up {
			r = unicode.ToUpper(r)
		}
		up = r == '-'
		b.WriteRune(r)
	}
	return b.String()
}
