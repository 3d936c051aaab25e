package main

import (
	"slices"
	"sort"
	"strings"

	"github.com/antzucaro/matchr"
	"github.com/moov-io/watchman/pkg/search"
	"github.com/xrash/smetrics"

	"tocsin/services/extractor/watch"
	"tocsin/services/extractor/watch/fold"
	"tocsin/services/extractor/watch/sound"
)

// scorer gives every pair of names a score; higher is more alike.
type scorer struct {
	name string
	// score compares a listed name with another one.
	score func(listed, other *subject) float64
}

// subject is a name prepared for every scorer.
type subject struct {
	raw    string
	kind   watch.Kind
	name   watch.Name
	tokens []string
	sorted []string
	// codes are the two Double Metaphone codes of each token, skeletons its consonant skeleton.
	codes     [][2]string
	skeletons []string
	entity    *search.Entity[search.Value]
	compiled  *watch.Spelling
}

func newSubject(name watch.Name, kind watch.Kind) *subject {
	s := &subject{raw: name.Text, name: name, kind: kind, tokens: foldTokens(name.Text)}
	s.sorted = slices.Sorted(slices.Values(s.tokens))
	s.compiled = watch.Prepare(name, kind)
	for _, t := range s.tokens {
		s.skeletons = append(s.skeletons, sound.Skeleton(sound.Encode(nil, t)))
		s.codes = append(s.codes, doubleMetaphone(t))
	}
	return s
}

// foldTokens gives the rivals our romanisation for free, except watchman, which brings its own.
func foldTokens(text string) []string {
	var out []string
	for _, w := range fold.Words(nil, text) {
		if t := fold.Latin(w.Raw(text)); t != "" {
			out = append(out, t)
		}
	}
	return out
}

func scorers() []scorer {
	return []scorer{
		{"exact", exact},
		{"levenshtein", levenshtein},
		{"jaro_winkler", jaroWinklerWhole},
		{"jaro_winkler_tokens", jaroWinklerTokens},
		{"double_metaphone", metaphoneTokens},
		{"skeleton", skeletonTokens},
		{"watchman", watchman},
		{"tocsin", tocsin},
	}
}

func tocsin(a, b *subject) float64 {
	score, _ := new(watch.Scorer).Score(a.compiled, b.compiled)
	return score
}

func tocsinWeighted(a, b *subject) float64 {
	_, weighted := new(watch.Scorer).Score(a.compiled, b.compiled)
	return weighted
}

func exact(a, b *subject) float64 {
	if slices.Equal(a.sorted, b.sorted) {
		return 1
	}
	return 0
}

func jaroWinkler(a, b string) float64 { return smetrics.JaroWinkler(a, b, 0.7, 4) }

func jaroWinklerWhole(a, b *subject) float64 {
	return max(jaroWinkler(strings.Join(a.tokens, " "), strings.Join(b.tokens, " ")),
		jaroWinkler(strings.Join(a.sorted, " "), strings.Join(b.sorted, " ")))
}

func levenshtein(a, b *subject) float64 {
	x, y := strings.Join(a.tokens, " "), strings.Join(b.tokens, " ")
	if longest := max(len(x), len(y)); longest > 0 {
		return 1 - float64(smetrics.WagnerFischer(x, y, 1, 1, 1))/float64(longest)
	}
	return 0
}

// bestPairs averages the best pairs of tokens, weighted by length.
func bestPairs(a, b []string, similar func(i, j int) float64) float64 {
	type option struct {
		i, j int
		s    float64
	}
	var options []option
	total := 0
	for i := range a {
		total += len(a[i])
		for j := range b {
			if s := similar(i, j); s > 0 {
				options = append(options, option{i, j, s})
			}
		}
	}
	for j := range b {
		total += len(b[j])
	}
	sort.SliceStable(options, func(i, j int) bool { return options[i].s > options[j].s })
	usedA, usedB := make([]bool, len(a)), make([]bool, len(b))
	sum := 0.0
	for _, o := range options {
		if usedA[o.i] || usedB[o.j] {
			continue
		}
		usedA[o.i], usedB[o.j] = true, true
		sum += o.s * float64(len(a[o.i])+len(b[o.j]))
	}
	if total == 0 {
		return 0
	}
	return sum / float64(total)
}

func jaroWinklerTokens(a, b *subject) float64 {
	return bestPairs(a.tokens, b.tokens, func(i, j int) float64 { return jaroWinkler(a.tokens[i], b.tokens[j]) })
}

func metaphoneTokens(a, b *subject) float64 {
	return bestPairs(a.tokens, b.tokens, func(i, j int) float64 {
		if a.tokens[i] == b.tokens[j] {
			return 1
		}
		for _, x := range a.codes[i] {
			if x != "" && (x == b.codes[j][0] || x == b.codes[j][1]) {
				return 0.95
			}
		}
		return 0
	})
}

func skeletonTokens(a, b *subject) float64 {
	return bestPairs(a.tokens, b.tokens, func(i, j int) float64 {
		switch {
		case a.tokens[i] == b.tokens[j]:
			return 1
		case a.skeletons[i] == b.skeletons[j]:
			return 0.95
		}
		return 0
	})
}

// watchman scores with the search package of moov-io/watchman, which normalises names itself.
func watchman(a, b *subject) float64 {
	return search.Similarity(*b.watchmanEntity(), *a.watchmanEntity())
}

func (s *subject) watchmanEntity() *search.Entity[search.Value] {
	if s.entity != nil {
		return s.entity
	}
	e := search.Entity[search.Value]{Name: s.raw}
	if s.kind == watch.Organization {
		e.Type = search.EntityBusiness
		e.Business = &search.Business{Name: s.raw}
	} else {
		e.Type = search.EntityPerson
		e.Person = &search.Person{Name: s.raw}
	}
	n := e.Normalize()
	s.entity = &n
	return s.entity
}

func doubleMetaphone(t string) [2]string {
	p, s := matchr.DoubleMetaphone(t)
	return [2]string{p, s}
}
