package main

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand"
	"slices"
	"strconv"
	"strings"

	"tocsin/services/extractor/watch"
	"tocsin/services/extractor/watch/fold"
)

// seedPairs is the seed by which pairs of strangers are drawn, strangers how many.
const (
	seedPairs = 3
	strangers = 400_000
	falseRate = 1e-4
)

// tokens measures how well scorers tell spellings of one native form from strangers.
func tokens(args []string, out *printer) error {
	f := out.flags("tokens")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() != 1 {
		return fmt.Errorf("name one table of Latin spelling, native letters and count")
	}
	forms, err := readForms(f.Arg(0))
	if err != nil {
		return err
	}
	rng := rand.New(rand.NewSource(seedPairs)) //nolint:gosec // a fixed draw
	latin, latinFalse := forms.pairs(rng, false)
	cross, crossFalse := forms.pairs(rng, true)
	for _, s := range scorers() {
		if s.name == "watchman" || s.name == "exact" {
			continue // made for whole names
		}
		out.row(field{"scorer", s.name}, field{"latin", recallOf(s, latin, latinFalse)}, field{"cross", recallOf(s, cross, crossFalse)})
	}
	return nil
}

// nativeForms groups Latin spellings by their native form.
type nativeForms struct {
	native []string
	latin  [][]string
}

// readForms keeps spellings of three letters or more that were counted at least twice.
func readForms(file string) (*nativeForms, error) {
	data, err := readFile(file)
	if err != nil {
		return nil, err
	}
	groups := map[string][]string{}
	for line := range bytes.Lines(data) {
		f := strings.Split(strings.TrimSpace(string(line)), "\t")
		if len(f) < 3 {
			return nil, fmt.Errorf("%s: %q is not three columns", file, line)
		}
		n, _ := strconv.Atoi(f[2])
		if latin := fold.Latin(f[0]); n >= 2 && len(latin) >= 3 {
			native := strings.ReplaceAll(f[1], " ", "")
			groups[native] = append(groups[native], f[0])
		}
	}
	forms := &nativeForms{}
	for native := range groups {
		forms.native = append(forms.native, native)
	}
	slices.Sort(forms.native)
	for _, native := range forms.native {
		forms.latin = append(forms.latin, groups[native])
	}
	return forms, nil
}

// tokenPair is two spellings to compare.
type tokenPair struct{ a, b *subject }

// pairs lists pairs that share a native form (cross: a spelling and the form itself), and random pairs that do not.
func (f *nativeForms) pairs(rng *rand.Rand, cross bool) (same, different []tokenPair) {
	known := map[string]*subject{}
	at := func(text string) *subject {
		if known[text] == nil {
			known[text] = newSubject(watch.Name{Text: text}, watch.Person)
		}
		return known[text]
	}
	for i, spellings := range f.latin {
		for k, a := range spellings {
			if cross {
				same = append(same, tokenPair{at(a), at(f.native[i])})
				continue
			}
			for _, b := range spellings[k+1:] {
				same = append(same, tokenPair{at(a), at(b)})
			}
		}
	}
	for len(different) < strangers && len(f.native) > 1 {
		i, j := rng.Intn(len(f.native)), rng.Intn(len(f.native))
		if i == j {
			continue
		}
		other := f.native[j]
		if !cross {
			other = f.latin[j][rng.Intn(len(f.latin[j]))]
		}
		different = append(different, tokenPair{at(f.latin[i][rng.Intn(len(f.latin[i]))]), at(other)})
	}
	return same, different
}

// recallOf is the share of true pairs above the score that at most falseRate of the strangers reach.
func recallOf(s scorer, same, different []tokenPair) float64 {
	wrong := make([]float64, len(different))
	each(len(different), func(i int) { wrong[i] = s.score(different[i].a, different[i].b) })
	slices.SortFunc(wrong, func(a, b float64) int { return cmp.Compare(b, a) })
	limit := wrong[int(falseRate*float64(len(wrong)))]
	right := make([]bool, len(same))
	each(len(same), func(i int) { right[i] = s.score(same[i].a, same[i].b) > limit })
	var r rate
	for _, ok := range right {
		r.add(ok)
	}
	return r.share()
}
