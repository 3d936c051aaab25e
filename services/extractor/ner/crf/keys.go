package crf

import (
	"math/bits"
	"slices"
)

// Keys appends all features of token i, which lies in run r, for one pass to dst. A trainer sees through it exactly
// what the tagger adds up piece by piece.
func (d *Document) Keys(dst []uint32, r Run, i, pass int) []uint32 {
	var n neighbours
	d.around(&n, r, i)
	for o := range n {
		if o == here {
			dst = n[o].ownKeys(dst)
		} else {
			dst = n[o].sideKeys(dst, o)
		}
	}
	for k := 3; k <= 4; k++ {
		if i-k >= r.sentence {
			dst = append(dst, d.word(i-k).nearKey(0))
		}
		if i+k < r.stop {
			dst = append(dst, d.word(i+k).nearKey(1))
		}
	}
	for o := -1; o <= 1; o++ {
		if j := i + o; j >= r.sentence && j < r.stop {
			dst = d.nameKeys(dst, j, o)
		}
	}
	return d.contextKeys(dst, &n, r, i, pass)
}

// contextKeys appends the features of token i that do not depend on one word alone or on name lists.
func (d *Document) contextKeys(dst []uint32, n *neighbours, r Run, i, pass int) []uint32 {
	w := n[here]
	loud := uint64(0)
	if r.shout {
		loud = 1
	}
	dst = append(dst, key(tShout, mix(loud, w.short)))
	if i == r.sentence {
		dst = append(dst, key(tFirst, w.short))
	}
	dst = pairKeys(dst, &n[0].form, &n[1].form, &w.form, &n[3].form, &n[4].form)
	if w.capital {
		dst = d.usageKeys(dst, n, r, i)
	}
	if pass > 0 {
		dst = d.votes.keys(dst, d, i)
	}
	return dst
}

// neighbours are the words two before to two after a token.
type neighbours [5]*word

func (d *Document) around(n *neighbours, r Run, i int) {
	for o := range n {
		switch j := i + o - here; {
		case j < r.sentence:
			n[o] = &d.m.left
		case j >= r.stop:
			n[o] = &d.m.right
		default:
			n[o] = d.word(j)
		}
	}
}

// nameKeys appends the name-list features that token j gives to the token at distance -side from it.
func (d *Document) nameKeys(dst []uint32, j, side int) []uint32 {
	for place, set := range d.names[j] {
		for ; set != 0; set &= set - 1 {
			dst = append(dst, nameKey(side+1, place, bits.TrailingZeros16(set)))
		}
	}
	return dst
}

// maxOthers is how many other occurrences of a word lend their neighbours to it.
const maxOthers = 8

// usageKeys appends what the rest of the document tells of a capitalised word: whether it also occurs in lower case or
// with a capital inside sentences, and what stands beside its other occurrences.
func (d *Document) usageKeys(dst []uint32, n *neighbours, r Run, i int) []uint32 {
	u := &d.usages[d.usages[d.use[i]].lower]
	first := 0
	if i == r.sentence || r.shout {
		first = 1
	}
	dst = append(dst, key(tUse, uint64(first*100+bucket(u.plain)*10+bucket(u.mid))))
	if u.count < 2 && u.last == int32(i) {
		return dst
	}
	left, right := len(dst), 0
	var rights [maxOthers]uint32
	others := 0
	for j := u.last; j >= 0 && others < maxOthers; j = d.prev[j] {
		if int(j) == i {
			continue
		}
		others++
		l, rt := d.beside(int(j))
		if k := key(tUseLeft, l); l != n[here-1].lower && !slices.Contains(dst[left:], k) {
			dst = append(dst, k)
		}
		if k := key(tUseRight, rt); rt != n[here+1].lower && !slices.Contains(rights[:right], k) {
			rights[right] = k
			right++
		}
	}
	return append(dst, rights[:right]...)
}

// beside returns the lower-case hashes of the words before and after token j in its sentence.
func (d *Document) beside(j int) (left, right uint64) {
	left, right = borderLeft, borderRight
	if j > 0 && !d.border(j) {
		left = d.word(j - 1).lower
	}
	if j+1 < len(d.tokens) && !d.border(j+1) {
		right = d.word(j + 1).lower
	}
	return left, right
}

// border says whether a sentence ends before token j.
func (d *Document) border(j int) bool {
	lo, hi := 0, len(d.ends)
	for lo < hi {
		mid := (lo + hi) / 2
		if d.ends[mid] < j {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(d.ends) && d.ends[lo] == j
}

func bucket(n int32) int {
	switch {
	case n <= 0:
		return 0
	case n == 1:
		return 1
	case n <= 3:
		return 2
	}
	return 3
}
