package watch

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed countries.txt
var countryTable string

// country is the number of a country in the table, from 1; 0 is none.
type country uint8

// atlas knows countries by their folded names, people and towns.
type atlas struct {
	code []string
	bits []float64
	// word and phrase lead from folded words to the country; people marks demonyms.
	word, phrase map[string]country
	people       map[string]bool
	// opens marks words that begin a phrase.
	opens map[string]bool
}

// theAtlas reads the table once; it never changes.
var theAtlas = sync.OnceValue(func() *atlas {
	a := &atlas{
		code: []string{""}, bits: []float64{0}, word: map[string]country{}, phrase: map[string]country{},
		people: map[string]bool{}, opens: map[string]bool{},
	}
	for line := range strings.Lines(countryTable) {
		f := strings.Split(strings.TrimSpace(line), ";")
		if strings.HasPrefix(line, "#") || len(f) < 5 {
			continue
		}
		bits, _ := strconv.ParseFloat(f[1], 64)
		a.code, a.bits = append(a.code, f[0]), append(a.bits, bits)
		c := country(len(a.code) - 1) //nolint:gosec // fewer than 256 countries
		for _, group := range f[2:] {
			a.add(group, c)
		}
		for w := range strings.SplitSeq(f[3], ",") {
			a.people[w] = true
		}
	}
	return a
})

// add files names; the first country that claims a name keeps it.
func (a *atlas) add(names string, c country) {
	for n := range strings.SplitSeq(names, ",") {
		first, _, several := strings.Cut(n, " ")
		into := a.word
		if several {
			into = a.phrase
			a.opens[first] = true
		}
		if _, taken := into[n]; !taken && n != "" {
			into[n] = c
		}
	}
}

// countryOf finds a country by its ISO 3166-1 alpha-2 code.
func countryOf(code string) country {
	for i, c := range theAtlas().code {
		if c == code {
			return country(i) //nolint:gosec // fewer than 256 countries
		}
	}
	return 0
}

// CountryCode finds the ISO 3166-1 alpha-2 code of a country by its English name, people or a large town; empty when
// none is known. It serves readers of lists that spell countries out.
func CountryCode(name string) string {
	words := make([]string, 0, 4)
	for _, w := range nameWordsPlain(name) {
		if w != "the" {
			words = append(words, w)
		}
	}
	key := strings.Join(words, " ")
	a := theAtlas()
	if c := a.word[key]; c != 0 {
		return a.code[c]
	}
	return a.code[a.phrase[key]]
}
