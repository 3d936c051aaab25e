package watch

import (
	"math/bits"
	"slices"
)

// none stands for "no part" in a posting.
const none = ^uint32(0)

// posting is a name under one of its rare parts, with two of its other parts beside it, so that most postings are
// passed over without looking the name up. A name of more than three parts has several.
type posting struct {
	name filedName
	a, b uint32
}

// filedName is the number of a name with what decides whether to look it up.
type filedName uint32

// Marks of a filedName. A level holds fewer than 2^24 parts, and so fewer than 2^30 names.
const (
	// bareName: nothing is known of its entry, so context cannot raise its evidence by much.
	bareName filedName = 1 << 31
	// moreParts: it has more parts than are filed beside the number.
	moreParts filedName = 1 << 30
)

func (f filedName) name() uint32 { return uint32(f &^ (bareName | moreParts)) }

func fileName(name int, bare, more bool) filedName {
	f := filedName(name) //nolint:gosec // names are below 2^30
	if bare {
		f |= bareName
	}
	if more {
		f |= moreParts
	}
	return f
}

// postings lead from parts to names.
type postings struct {
	at   []uint32
	list []posting
	// pairs lead from two common parts to names.
	pairs pairs
	// solo leads from the only part of a name to the name.
	soloAt []uint32
	solo   []uint32
}

func (p *postings) of(t uint32) []posting { return p.list[p.at[t]:p.at[t+1]] }

func (p *postings) soloOf(t uint32) []uint32 { return p.solo[p.soloAt[t]:p.soloAt[t+1]] }

// cost is how many postings part t has.
func (p *postings) cost(t uint32) int { return int(p.at[t+1] - p.at[t]) }

// pairs is a hash index from two parts to the names that have both; chance meetings are sorted out by the verifier.
type pairs struct {
	shift uint8
	at    []uint32
	names []filedName
}

func pairKey(a, b uint32) uint64 {
	if a > b {
		a, b = b, a
	}
	h := uint64(a)<<32 | uint64(b)
	h ^= h >> 31
	h *= 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return h ^ h>>32
}

func (p *pairs) of(a, b uint32) []filedName {
	if len(p.names) == 0 {
		return nil
	}
	i := pairKey(a, b) >> p.shift
	return p.names[p.at[i]:p.at[i+1]]
}

// newPostings files names under their parts. parts(name) gives the words and joined words that count, initials left out;
// bare(name) says that nothing is known of the entry but names.
func newPostings(v *vocab, names int, parts func(name int) (ts []uint32, base int), bare func(name int) bool) postings {
	p := postings{at: make([]uint32, v.size()+2), soloAt: make([]uint32, v.size()+2)}
	var filings []pairFiling
	for n := range names {
		ts, base := parts(n)
		if base == 1 {
			p.soloAt[ts[0]+2]++
			continue
		}
		for i, t := range ts {
			if !v.common[t] {
				p.at[t+2] += entriesFor(len(ts))
				continue
			}
			for _, u := range ts[i+1:] {
				if v.common[u] && u != t {
					filings = append(filings, pairFiling{pairKey(t, u), fileName(n, bare(n), len(ts) > 2)})
				}
			}
		}
	}
	sum(p.at)
	sum(p.soloAt)
	p.list = make([]posting, p.at[len(p.at)-1])
	p.solo = make([]uint32, p.soloAt[len(p.soloAt)-1])
	for n := range names {
		ts, base := parts(n)
		p.post(v, fileName(n, bare(n), len(ts) > 3), ts, base)
	}
	p.pairs = newPairs(filings)
	return p
}

// sum turns counts into offsets.
func sum(at []uint32) {
	for i := range len(at) - 1 {
		at[i+1] += at[i]
	}
}

// entriesFor is how many postings a part of a name of n parts needs to show all the others, two at a time.
func entriesFor(n int) uint32 { return uint32(n / 2) } //nolint:gosec // small

// post writes the postings of one name; at[t+1] is the next free place of part t, and its end once all are written.
func (p *postings) post(v *vocab, name filedName, ts []uint32, base int) {
	if base == 1 {
		p.solo[p.soloAt[ts[0]+1]] = name.name()
		p.soloAt[ts[0]+1]++
		return
	}
	for i, t := range ts {
		if v.common[t] {
			continue
		}
		e := posting{name, none, none}
		full := 0
		for j, u := range ts {
			switch {
			case j == i:
				continue
			case e.a == none:
				e.a = u
				continue
			}
			e.b = u
			p.put(t, e)
			full++
			e = posting{name, none, none}
		}
		if e.a != none || full == 0 {
			p.put(t, e)
		}
	}
}

func (p *postings) put(t uint32, e posting) {
	p.list[p.at[t+1]] = e
	p.at[t+1]++
}

// pairFiling is one name under one pair of parts.
type pairFiling struct {
	key  uint64
	name filedName
}

func newPairs(filings []pairFiling) pairs {
	if len(filings) == 0 {
		return pairs{}
	}
	width := bits.Len(uint(len(filings)))
	p := pairs{shift: uint8(64 - width), at: make([]uint32, 1<<width+1), names: make([]filedName, len(filings))} //nolint:gosec // at most 64
	for _, f := range filings {
		p.at[f.key>>p.shift+1]++
	}
	sum(p.at)
	next := slices.Clone(p.at)
	for _, f := range filings {
		i := f.key >> p.shift
		p.names[next[i]] = f.name
		next[i]++
	}
	return p
}
