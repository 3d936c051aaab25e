package watch

import (
	"math"
	"math/bits"
	"slices"
	"strings"
)

// Options steer Compile. The zero value is the shipped behaviour.
type Options struct {
	// Base is T0 in the threshold T0 + log2(N / 14,000), N the distinct names of an entry's list; zero means 15 bits.
	Base float64
}

// Thresholds.
const (
	baseBits = 15.0
	baseList = 14000.0
	// leastList is the size below which a list's threshold does not sink further.
	leastList = 1000
)

// Problem is an entry, or a name of one, that was left out, and why. The sentence quotes no name.
type Problem struct {
	List, Entry string
	Sentence    string
}

// Index is a compiled set of watchlists: immutable, safe for concurrent use.
//
// It is a large level and a few small ones; With and Without give a new Index that shares the large one, so that a
// change takes effect at once. Generations share the memory of their readers too.
type Index struct {
	options Options
	levels  []*level
	// gone are entries of each level that were removed or replaced since it was built.
	gone []map[uint32]bool
	// small are the entries of the small levels, kept for merging.
	small [][]Entry
	// distinct counts the spellings of each list, in all levels.
	distinct map[string]int
	pool     *pool
	// bars are the thresholds by level and number of the list there, lowest the lowest of each level.
	bars   [][]float64
	lowest []float64
}

// Compile builds an Index. Entries that cannot be watched, and those whose list or id is no subject token, are left out
// and reported, in input order; the rest are in.
func Compile(entries []Entry, o Options) (*Index, []Problem) {
	if o.Base == 0 {
		o.Base = baseBits
	}
	l, problems := buildLevel(entries)
	x := &Index{
		options: o, levels: []*level{l}, gone: make([]map[uint32]bool, 1), small: make([][]Entry, 1),
		distinct: countDistinct(entries), pool: &pool{},
	}
	x.setBars()
	return x, problems
}

// countDistinct counts the different spellings of each list, without the entries that are left out for their identity.
func countDistinct(entries []Entry) map[string]int {
	hashes := map[string][]uint64{}
	for i := range entries {
		if entries[i].unaddressed() != "" {
			continue
		}
		list := entries[i].List
		if list == "" {
			list = DefaultList
		}
		h := hashes[list]
		for _, n := range entries[i].Names {
			h = append(h, hashRaw(strings.ToLower(n.Text)))
		}
		hashes[list] = h
	}
	out := make(map[string]int, len(hashes))
	for list, h := range hashes {
		slices.Sort(h)
		out[list] = len(slices.Compact(h))
	}
	return out
}

// Threshold is the evidence in bits that an entry of the list must reach to ring: it grows with the size of the entry's
// own list, as more names mean more chance meetings, and does not depend on other lists.
func (x *Index) Threshold(list string) float64 {
	n := uint(max(x.distinct[list], leastList)) //nolint:gosec // not negative
	rounded := math.Ldexp(1, bits.Len(n-1))
	return x.options.Base + math.Log2(rounded/baseList)
}

// setBars computes the thresholds of the lists once the levels and counts stand.
func (x *Index) setBars() {
	x.bars, x.lowest = make([][]float64, len(x.levels)), make([]float64, len(x.levels))
	for i, l := range x.levels {
		x.lowest[i] = math.Inf(1)
		for _, list := range l.entries.lists {
			bar := x.Threshold(list)
			x.bars[i] = append(x.bars[i], bar)
			x.lowest[i] = min(x.lowest[i], bar)
		}
	}
}

// Size counts what is watched.
func (x *Index) Size() (entries, names int) {
	for i, l := range x.levels {
		entries += l.entries.size() - len(x.gone[i])
		names += l.names.size() + len(l.phrases.names)
	}
	return entries, names
}

// ForgetRuns makes the idle readers forget which runs of words held nothing, so that a benchmark can measure texts with
// known words and new runs.
func (x *Index) ForgetRuns() {
	w := x.pool.take()
	for _, d := range w.desks {
		if d != nil {
			clear(d.empty)
		}
	}
	x.pool.put(w)
}
