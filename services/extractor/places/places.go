// Package places knows the countries of the world by their English names and the words for their people.
//
// Codes are ISO 3166-1 alpha-2; XK stands for Kosovo, as the European Union uses it. The table was written for this
// project. Names that are also something else, such as Georgia or Jordan, are in it: the caller decides what they are.
package places

import (
	_ "embed"
	"iter"
	"maps"
	"strings"
	"sync"
)

// Each line: code, names with the usual one first, adjectives and nouns for the people.
//
//go:embed countries.tsv
var table string

type index struct {
	country map[string]string // lower-case name → code
	people  map[string]string // lower-case demonym → code
	name    map[string]string // code → usual name
}

// read is the table, read once when it is first asked for.
var read = sync.OnceValue(func() index {
	x := index{map[string]string{}, map[string]string{}, map[string]string{}}
	for line := range strings.Lines(table) {
		cols := strings.Split(strings.TrimRight(line, "\n"), "\t")
		names := strings.Split(cols[1], ";")
		x.name[cols[0]] = names[0]
		for _, n := range names {
			x.country[strings.ToLower(n)] = cols[0]
		}
		for p := range strings.SplitSeq(cols[2], ";") {
			if p != "" {
				x.people[strings.ToLower(p)] = cols[0]
			}
		}
	}
	return x
})

// Country returns the code of the country with this English name, in any case; "" when there is none.
func Country(name string) string { return read().country[strings.ToLower(name)] }

// Demonym returns the code of the country whose adjective or people the word names, in any case, such as "French" or
// "Dutchman"; "" when there is none. "Congolese" is taken for CG, "Korean" alone for none.
func Demonym(word string) string { return read().people[strings.ToLower(word)] }

// Demonyms yields every demonym in lower case with its country's code, in no order.
func Demonyms() iter.Seq2[string, string] { return maps.All(read().people) }

// Name returns the usual English name of the country with this upper-case code, "" when there is none.
func Name(code string) string { return read().name[code] }
