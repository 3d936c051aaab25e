package main

import (
	"strings"
	"unicode"
)

// counts are what was found rightly, wrongly and not at all, as shares of a page.
type counts struct{ right, wrong, missed float64 }

func (c counts) plus(d counts) counts {
	return counts{c.right + d.right, c.wrong + d.wrong, c.missed + d.missed}
}

func (c counts) precision() float64 {
	switch {
	case c.wrong == 0 && c.missed == 0:
		return 1
	case c.right == 0 && c.wrong == 0:
		return 0
	}
	return c.right / (c.right + c.wrong)
}

func (c counts) recall() float64 {
	switch {
	case c.wrong == 0 && c.missed == 0:
		return 1
	case c.right == 0 && c.missed == 0:
		return 0
	}
	return c.right / (c.right + c.missed)
}

func (c counts) f1() float64 {
	p, r := c.precision(), c.recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

// judge compares a text with what is wanted of the page. Every page weighs the same.
func (p page) judge(got string) counts {
	if p.judgedBySamples {
		return p.judgeSamples(got)
	}
	want, have := grams(p.text), grams(got)
	var c counts
	for g, n := range want {
		c.right += float64(min(n, have[g]))
		c.missed += float64(max(0, n-have[g]))
	}
	for g, n := range have {
		c.wrong += float64(max(0, n-want[g]))
	}
	return c.share()
}

func (p page) judgeSamples(got string) counts {
	var c counts
	got = oneLine(got)
	for _, s := range p.with {
		if strings.Contains(got, oneLine(s)) {
			c.right++
		} else {
			c.missed++
		}
	}
	for _, s := range p.without {
		if strings.Contains(got, oneLine(s)) {
			c.wrong++
		}
	}
	return c
}

func (c counts) share() counts {
	sum := c.right + c.wrong + c.missed
	if sum == 0 {
		return c
	}
	return counts{c.right / sum, c.wrong / sum, c.missed / sum}
}

// grams counts the runs of four words of a text; a shorter text is one run.
func grams(s string) map[string]int {
	words := strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '_' && !unicode.Is(unicode.Mn, r)
	})
	out := map[string]int{}
	const n = 4
	for i := range max(1, len(words)-n+1) {
		out[strings.Join(words[i:min(i+n, len(words))], " ")]++
	}
	return out
}
