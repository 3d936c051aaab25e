package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"

	"tocsin/services/extractor/watch"
)

// seedNegatives is the seed by which negatives are drawn.
const seedNegatives = 7

// screen measures how many aliases reach a threshold that hardly any person off the list reaches.
func screen(args []string, out *printer) error {
	var lists listFlags
	f := out.flags("screen")
	f.Var(&lists, "list", "FORMAT:FILE, repeatable")
	negatives := f.String("negatives", "", "table of people on no list; the column full_name, else the first")
	limit := f.Int("limit", 2400, "negatives to draw")
	only := f.String("only", "", "comma-separated scorers; all when empty")
	if err := f.Parse(args); err != nil {
		return err
	}
	entries, err := lists.load()
	if err != nil {
		return err
	}
	set := newScreening(entries)
	if err := set.draw(*negatives, *limit); err != nil {
		return err
	}
	set.markVariants()
	for _, s := range scorers() {
		if *only == "" || slices.Contains(strings.Split(*only, ","), s.name) {
			set.measure(s, out)
		}
	}
	return nil
}

// screening is an index of primary names, the aliases of the same people, and people on no list.
type screening struct {
	primaries, negatives []*subject
	positives            []alias
	listed               map[string]bool
}

// alias is one positive: another name of the entry.
type alias struct {
	primary, other  *subject
	variant, script bool
}

func newScreening(entries []watch.Entry) *screening {
	set := &screening{listed: map[string]bool{}}
	for _, e := range entries {
		if e.Kind != watch.Person {
			continue
		}
		primary := newSubject(e.Names[0], watch.Person)
		set.primaries = append(set.primaries, primary)
		for i, n := range e.Names {
			other := newSubject(n, watch.Person)
			set.listed[strings.Join(other.sorted, " ")] = true
			if i == 0 || n.Kind == watch.WeakAlias || len(other.tokens) < 2 {
				continue
			}
			set.positives = append(set.positives, alias{primary: primary, other: other, script: script(n.Text) != script(e.Names[0].Text)})
		}
	}
	return set
}

// script names the script of the first letter.
func script(text string) string {
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		for name, table := range unicode.Scripts {
			if unicode.Is(table, r) {
				return name
			}
		}
	}
	return ""
}

// draw picks negatives at random; people of the list and repeats are dropped.
func (set *screening) draw(file string, limit int) error {
	data, err := readFile(file)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) < 2 {
		return fmt.Errorf("%s: not a table with a header: %w", file, err)
	}
	column := max(0, slices.Index(rows[0], "full_name"))
	rows = rows[1:]
	rng := rand.New(rand.NewSource(seedNegatives)) //nolint:gosec // a fixed draw
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	seen := map[string]bool{}
	for _, row := range rows {
		if len(set.negatives) == limit {
			break
		}
		s := newSubject(watch.Name{Text: row[column]}, watch.Person)
		key := strings.Join(s.sorted, " ")
		if key == "" || seen[key] || set.listed[key] {
			continue
		}
		seen[key] = true
		set.negatives = append(set.negatives, s)
	}
	return nil
}

// markVariants finds the aliases that any method sees a likeness in; the rest are unrelated names.
func (set *screening) markVariants() {
	each(len(set.positives), func(i int) {
		p := &set.positives[i]
		a, b := p.primary, p.other
		p.variant = jaroWinklerTokens(a, b) >= 0.86 || metaphoneTokens(a, b) >= 0.85 || skeletonTokens(a, b) >= 0.85 ||
			jaroWinklerWhole(a, b) >= 0.93 || tocsin(a, b) >= 0.85
	})
}

// each calls visit for 0 … n-1 on every core.
func each(n int, visit func(i int)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				visit(i)
			}
		})
	}
	wg.Wait()
}

// measure screens with one scorer; tocsin ranks by likeness weighted with evidence, as screening holds a name against a
// whole list.
func (set *screening) measure(s scorer, out *printer) {
	if s.name == "tocsin" {
		s.score = tocsinWeighted
	}
	scores := make([]float64, len(set.positives))
	each(len(scores), func(i int) { scores[i] = s.score(set.positives[i].primary, set.positives[i].other) })
	worst := make([]float64, len(set.negatives))
	for _, p := range set.primaries {
		if s.name == "watchman" {
			p.watchmanEntity()
		}
	}
	each(len(worst), func(i int) {
		best := math.Inf(-1)
		for _, p := range set.primaries {
			best = max(best, s.score(p, set.negatives[i]))
		}
		worst[i] = best
	})
	strict, loose := limitAt(worst, 0.001), limitAt(worst, 0.01)
	every := func(alias) bool { return true }
	variant := func(a alias) bool { return a.variant }
	other := func(a alias) bool { return a.script }
	out.row(field{"scorer", s.name},
		field{"all_at_001", set.recall(scores, strict, every)}, field{"all_at_01", set.recall(scores, loose, every)},
		field{"variant_at_001", set.recall(scores, strict, variant)}, field{"variant_at_01", set.recall(scores, loose, variant)},
		field{"script_at_01", set.recall(scores, loose, other)})
}

// limitAt is the threshold: the lowest score that at most ⌊share·n⌋ negatives reach; ties share one threshold.
func limitAt(worst []float64, share float64) float64 {
	sorted := slices.SortedFunc(slices.Values(worst), func(a, b float64) int { return cmp.Compare(b, a) })
	allowed := int(share * float64(len(sorted)))
	return math.Nextafter(sorted[allowed], math.Inf(1))
}

func (set *screening) recall(scores []float64, limit float64, counts func(alias) bool) float64 {
	hits, n := 0.0, 0.0
	for i, p := range set.positives {
		if !counts(p) {
			continue
		}
		n++
		if scores[i] >= limit {
			hits++
		}
	}
	if n == 0 {
		return 0
	}
	return hits / n
}
