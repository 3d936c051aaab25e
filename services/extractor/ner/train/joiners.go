package train

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/crf"
)

// A word without capitals may be part of a name when training saw it there this often, and in this share of the places
// where it stands beside a capitalised word. Rarer words would make every sentence one long run for a few names.
const (
	joinsLeast = 2
	joinsShare = 0.004
)

// joiners returns the lower-case words that occur inside names, sorted.
func joiners(docs []bio.Document, o Options) []string {
	inside, beside := map[string]int{}, map[string]int{}
	for _, d := range docs {
		for _, s := range d {
			countJoiners(s, o.Types, inside, beside)
		}
	}
	var out []string
	for w, n := range inside {
		if n >= joinsLeast && float64(n) >= joinsShare*float64(beside[w]) {
			out = append(out, w)
		}
	}
	sort.Strings(out)
	o.Progress("%d words without a capital may be part of names", len(out))
	return out
}

func countJoiners(s bio.Sentence, types []string, inside, beside map[string]int) {
	in := make([]bool, len(s.Tokens))
	for _, n := range bio.Spans(s.Tags) {
		if typeIndex(types, n.Type) < 0 || !slices.ContainsFunc(s.Tokens[n.Start:n.End], hasCapital) {
			continue
		}
		for i := n.Start; i < n.End; i++ {
			in[i] = true
		}
	}
	for i, t := range s.Tokens {
		if hasCapital(t) {
			continue
		}
		w := crf.Fold(strings.ToLower(t))
		if in[i] {
			inside[w]++
		}
		if i > 0 && hasCapital(s.Tokens[i-1]) || i+1 < len(s.Tokens) && hasCapital(s.Tokens[i+1]) {
			beside[w]++
		}
	}
}

func hasCapital(t string) bool {
	for _, r := range t {
		if unicode.IsUpper(r) || unicode.IsTitle(r) || unicode.IsLetter(r) && !unicode.IsLower(r) {
			return true
		}
	}
	return false
}

func typeIndex(types []string, t string) int {
	for i, x := range types {
		if x == t {
			return i
		}
	}
	return -1
}
