package watch

import (
	"math/bits"

	"tocsin/services/extractor/watch/sound"
)

// Rules by which a watched part meets a word of the text.
const (
	ruleSame       = "same"
	ruleSound      = "sound"
	ruleJoined     = "joined"
	ruleInitial    = "initial"
	ruleTranslated = "translated"
	ruleInflected  = "inflected"
	ruleWhole      = "whole name"
)

// leastSimilar is the similarity below which two parts do not meet.
const leastSimilar = 0.62

// Similarities that rules give where sound does not decide.
const (
	initialSimilar    = 0.70
	translatedSimilar = 0.86
	joinedCost        = 0.01
	genderCost        = 0.30
)

// meet compares a listed part with a part of a mention; zero when they do not meet.
func meet(l, m *piece) (float64, string) {
	switch {
	case l.word == m.word:
		return meetSame(l, m)
	case l.initial || m.initial:
		if l.word[0] == m.word[0] {
			return initialSimilar, ruleInitial
		}
		return 0, ""
	}
	s, rule := 0.0, ruleSound
	if d := len(l.code) - len(m.code); d <= 4 && d >= -4 && bits.OnesCount16(l.sig^m.sig) <= 3+abjadSlack(l, m) {
		s = sound.SimilarityAtLeast(l.code, m.code, l.weight, m.weight, l.abjad != m.abjad, leastSimilar) - m.cost
	}
	if s > 0 && l.rival != 0 && m.rival != 0 && rivalNames(l.word, m.word) {
		return 0, ""
	}
	if s > 0 && otherGender(l.word, m.word) {
		s -= genderCost
	}
	if m.cost > 0 {
		rule = ruleInflected
	}
	if l.kin != 0 && l.kin == m.kin && s < translatedSimilar {
		s, rule = translatedSimilar, ruleTranslated
	}
	if l.joined || m.joined {
		s -= joinedCost
		rule = ruleJoined
	}
	if s < leastSimilar {
		return 0, ""
	}
	return s, rule
}

// otherGender says whether two words differ only in a last o or a: Francesco and Francesca are two people.
func otherGender(a, b string) bool {
	n := len(a)
	if n != len(b) || n < shortestStem || a[n-1] == b[n-1] || a[:n-1] != b[:n-1] {
		return false
	}
	x, y := a[n-1], b[n-1]
	return x == 'o' && y == 'a' || x == 'a' && y == 'o'
}

// abjadSlack lets a word without vowels differ from one with them in the vowel classes.
func abjadSlack(l, m *piece) int {
	if l.abjad != m.abjad {
		return 2
	}
	return 0
}

func meetSame(l, m *piece) (float64, string) {
	switch {
	case l.initial:
		return initialSimilar + 0.1, ruleInitial
	case l.joined != m.joined:
		return 1 - joinedCost, ruleJoined
	case m.cost > 0:
		return 1 - m.cost, ruleInflected
	}
	return 1, ruleSame
}

// pairing is one watched part that met one part of the mention.
type pairing struct {
	listed, met *piece
	similar     float64
	rule        string
	bits        float64
}

// alignment is the best way found to lay a listed name over a mention, free of order.
type alignment struct {
	listed, mention *listedName
	pairs           [mostWords]pairing
	n               int
	// have and used are the covered words of the name and of the mention.
	have, used uint32
}

// option is a possible pairing on the way to an alignment.
type option struct {
	l, m *piece
	s    float64
	rank float64
	rule string
}

// align pairs parts best first: a more similar pair before a less similar one, neighbours in order before others.
func align(name, mention *listedName, options []option) (alignment, []option) {
	a := alignment{listed: name, mention: mention}
	options = gatherOptions(name, mention, options[:0])
	for a.n < mostWords {
		best := -1
		for i := range options {
			o := &options[i]
			if a.have&o.l.mask != 0 || a.used&o.m.mask != 0 || best >= 0 && o.rank <= options[best].rank {
				continue
			}
			best = i
		}
		if best < 0 {
			break
		}
		o := &options[best]
		a.pairs[a.n] = pairing{o.l, o.m, o.s, o.rule, worth(o.l, o.m, o.s, o.rule)}
		a.n++
		a.have |= o.l.mask
		a.used |= o.m.mask
	}
	return a, options
}

func gatherOptions(name, mention *listedName, options []option) []option {
	add := func(l, m *piece) {
		if s, rule := meet(l, m); s > 0 && worth(l, m, s, rule) > 0 {
			rank := s - 0.002*float64(distant(l.mask, m.mask))
			if rule == ruleInitial {
				rank -= 0.2
			}
			options = append(options, option{l: l, m: m, s: s, rank: rank, rule: rule})
		}
	}
	for i := range name.base {
		for j := range mention.base {
			add(&name.base[i], &mention.base[j])
		}
		for j := range mention.joins {
			add(&name.base[i], &mention.joins[j])
		}
	}
	for i := range name.joins {
		for j := range mention.base {
			add(&name.joins[i], &mention.base[j])
		}
	}
	return options
}

func distant(a, b uint32) int {
	d := bits.TrailingZeros32(a) - bits.TrailingZeros32(b)
	return max(d, -d)
}

// Evidence of one pair.
const (
	// bitsPerMiss is what a whole lost similarity costs.
	bitsPerMiss = 22.0
	// Below fairlySimilar chance likeness is common, and each part of similarity lost costs bitsPerGap more.
	fairlySimilar = 0.80
	bitsPerGap    = 35.0
	initialBits   = 3.0
	// exactBits is the evidence that not just the family of spellings but the spelling itself agrees.
	exactBits = 0.7
	// mostPartBits caps the evidence of one part.
	mostPartBits = 18.0
)

// worth is the evidence in bits that a pair gives: the rarity of the commoner of both spellings less what they differ.
func worth(l, m *piece, similar float64, rule string) float64 {
	if rule == ruleInitial {
		return initialBits
	}
	b := min(l.bits, m.bits, mostPartBits) - bitsPerMiss*(1-similar)
	if similar < fairlySimilar {
		b -= bitsPerGap * (fairlySimilar - similar)
	}
	if rule == ruleSame {
		b += exactBits
	}
	return b
}

// meetLoosely is meet without a least similarity, for judging what is left over.
func meetLoosely(l, m *piece) (float64, string) {
	if l.initial || m.initial {
		return meet(l, m)
	}
	return sound.Similarity(l.code, m.code, l.abjad != m.abjad), ruleSound
}
