package lang

import (
	_ "embed" // the table of profiles
	"math"
	"strings"
	"sync"
	"unicode"

	"github.com/RadhiFadlillah/whatlanggo"
)

// The method is whatlanggo's and gives its answers: a language has a profile of its 300 most frequent trigrams, and a
// text scores for each of them, more for the more frequent. There each profile is looked for in the text; here each
// trigram of the text leads to the profiles that hold it, which takes a twentieth of the time.

// profilesText is written by bench/lang/gen out of whatlanggo's source.
//
//go:embed profiles.txt
var profilesText string

// profileLength is how many trigrams a profile has; the first scores as much.
const profileLength = 300

// profiles are the languages of one script.
type profiles struct {
	langs    []whatlanggo.Lang
	trigrams map[uint64]int // → place in postings
	postings [][]posting
}

// posting says that a trigram is in a language's profile, and what it scores there.
type posting struct {
	lang  uint8 // place in langs
	score uint16
}

// byScript are the profiles of all scripts. They are made when the first text comes, in some milliseconds.
var byScript = sync.OnceValue(func() map[string]*profiles {
	all := map[string]*profiles{}
	for line := range strings.Lines(profilesText) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		p := all[fields[0]]
		if p == nil {
			p = &profiles{trigrams: map[uint64]int{}}
			all[fields[0]] = p
		}
		p.add(whatlanggo.CodeToLang(fields[1]), strings.Split(fields[2], "|"))
	}
	return all
})

func (p *profiles) add(l whatlanggo.Lang, trigrams []string) {
	at := uint8(len(p.langs)) //nolint:gosec // a script has some fifty languages
	p.langs = append(p.langs, l)
	for i, t := range trigrams {
		r := []rune(t)
		key := trigram(r[0], r[1], r[2])
		id, known := p.trigrams[key]
		if !known {
			id = len(p.postings)
			p.trigrams[key] = id
			p.postings = append(p.postings, nil)
		}
		p.postings[id] = append(p.postings[id], posting{at, uint16(profileLength - i)}) //nolint:gosec // 1 to 300
	}
}

// trigram is three characters in one number.
func trigram(a, b, c rune) uint64 { return uint64(a)<<42 | uint64(b)<<21 | uint64(c) } //nolint:gosec // characters have 21 bits

// detect is the language of a text and a confidence in [0, 1]; the confidence is 0 when two languages are level, and the
// language −1 when there is none to be found.
func detect(text string) (whatlanggo.Lang, float64) {
	s := scriptOf(text)
	switch {
	case s == nil:
		return -1, 0
	case s.profiles == "":
		return s.only, 1
	}
	p := byScript()[s.profiles]
	scores, found := p.weigh(text)
	return p.decide(scores, found)
}

// weigh scores a text for every language; found tells which trigrams of profiles are in it, by their place in postings.
func (p *profiles) weigh(text string) (scores []int, found []bool) {
	scores, found = make([]int, len(p.langs)), make([]bool, len(p.postings))
	a, b := ' ', ' '
	first := true
	next := func(c rune) {
		if b != ' ' || a != ' ' && c != ' ' {
			if id, ok := p.trigrams[trigram(a, b, c)]; ok {
				found[id] = true
				for _, x := range p.postings[id] {
					scores[x.lang] += int(x.score)
				}
			}
		}
		a, b = b, c
	}
	for _, r := range text {
		if r = lower(r); first {
			b, first = r, false
			continue
		}
		next(r)
	}
	if !first {
		next(' ')
	}
	return scores, found
}

// lower is a character as profiles have it.
func lower(r rune) rune {
	if gap(r) {
		return ' '
	}
	return unicode.ToLower(r)
}

// decide is the language with the highest score, and a confidence by its distance from the second.
func (p *profiles) decide(scores []int, found []bool) (whatlanggo.Lang, float64) {
	best, second := 0, -1
	for i := 1; i < len(scores); i++ {
		switch {
		case scores[i] > scores[best]:
			best, second = i, best
		case second < 0 || scores[i] > scores[second]:
			second = i
		}
	}
	switch {
	case scores[best] == 0:
		return -1, 0
	case scores[second] == 0:
		return p.langs[best], min(1, float64(scores[best]/500)) // whole hundreds of a few chance hits are 0 on purpose
	}
	rate := float64(scores[best]-scores[second]) / float64(scores[second])
	enough := 12/float64(p.held(best, found)) + 0.05
	return p.langs[best], math.Round(100*min(1, rate/enough)) / 100
}

// held is how many trigrams of a language's profile are in the text.
func (p *profiles) held(l int, found []bool) (n int) {
	for id, in := range found {
		if !in {
			continue
		}
		for _, x := range p.postings[id] {
			if int(x.lang) == l {
				n++
			}
		}
	}
	return n
}
