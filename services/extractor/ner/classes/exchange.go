package classes

import (
	"math"
	"slices"
)

// Word 0 of the exchange is the sentence border and word 1 stands for all rare words; they keep classes 0 and 1.
const fixed = 2

type neighbour struct{ word, n int32 }

// exchange is the state of the algorithm. n[a*k+b] counts class b after class a; t is its transpose.
type exchange struct {
	k          int
	class      []int32
	succ, pred [][]neighbour
	self, uni  []int32
	n, t       []int32
	total      []int32
	log        []float64 // i ln i

	sumS, sumP []int32 // counts of the word at hand by neighbour class
	useS, useP []int32 // classes with a count in sumS, sumP
	gain       []float64
}

func newExchange(c *Corpus, vocab []int32, k int) *exchange {
	v := len(vocab) + fixed
	x := &exchange{k: k, class: make([]int32, v), self: make([]int32, v), uni: make([]int32, v),
		n: make([]int32, k*k), t: make([]int32, k*k), total: make([]int32, k),
		log: make([]float64, 1<<18), sumS: make([]int32, k), sumP: make([]int32, k), gain: make([]float64, k)}
	for i := 1; i < len(x.log); i++ {
		x.log[i] = float64(float64(i) * math.Log(float64(i)))
	}
	for i := range x.class {
		x.class[i] = int32(i)
		if i >= fixed {
			x.class[i] = int32(fixed + (i-fixed)%(k-fixed))
		}
	}
	x.count(c, vocab)
	return x
}

// count gathers the bigrams of the text, sorted so that sums run in one order on every run.
func (x *exchange) count(c *Corpus, vocab []int32) {
	local := make([]int32, len(c.names))
	for i := range local {
		local[i] = 1
	}
	for i, id := range vocab {
		local[id] = int32(i + fixed)
	}
	pairs := make([]uint64, 0, len(c.text))
	prev := int32(0)
	for _, id := range c.text {
		w := int32(0)
		if id >= 0 {
			w = local[id]
		}
		pairs = append(pairs, uint64(prev)<<32|uint64(w))
		prev = w
	}
	slices.Sort(pairs)
	x.succ, x.pred = make([][]neighbour, len(x.class)), make([][]neighbour, len(x.class))
	for i := 0; i < len(pairs); {
		j := i
		for j < len(pairs) && pairs[j] == pairs[i] {
			j++
		}
		x.bigram(int32(pairs[i]>>32), int32(uint32(pairs[i])), int32(j-i))
		i = j
	}
}

func (x *exchange) bigram(a, b, n int32) {
	x.uni[a] += n
	x.total[x.class[a]] += n
	x.shift(x.class[a], x.class[b], n)
	if a == b {
		x.self[a] = n
		return
	}
	x.succ[a] = append(x.succ[a], neighbour{b, n})
	x.pred[b] = append(x.pred[b], neighbour{a, n})
}

// shift adds n to the count of class b after class a.
func (x *exchange) shift(a, b, n int32) {
	x.n[int(a)*x.k+int(b)] += n
	x.t[int(b)*x.k+int(a)] += n
}

// round moves every word once and returns how many changed class.
func (x *exchange) round() (moved int) {
	for w := fixed; w < len(x.class); w++ {
		x.useS = gather(x.succ[w], x.class, x.sumS, x.useS[:0])
		x.useP = gather(x.pred[w], x.class, x.sumP, x.useP[:0])
		from := x.class[w]
		x.put(w, from, -1)
		to := x.best(w)
		x.put(w, to, 1)
		x.class[w] = to
		if to != from {
			moved++
		}
		for _, d := range x.useS {
			x.sumS[d] = 0
		}
		for _, d := range x.useP {
			x.sumP[d] = 0
		}
	}
	return moved
}

func gather(ns []neighbour, class, sum, used []int32) []int32 {
	for _, e := range ns {
		c := class[e.word]
		if sum[c] == 0 {
			used = append(used, c)
		}
		sum[c] += e.n
	}
	return used
}

// put adds (sign 1) or takes away (sign -1) word w's bigrams to or from class c.
func (x *exchange) put(w int, c, sign int32) {
	for _, d := range x.useS {
		x.shift(c, d, sign*x.sumS[d])
	}
	for _, d := range x.useP {
		x.shift(d, c, sign*x.sumP[d])
	}
	x.shift(c, c, sign*x.self[w])
	x.total[c] += sign * x.uni[w]
}

// best returns the class that word w, now in none, fits best; the lowest of equals.
func (x *exchange) best(w int) int32 {
	g := x.gain
	for b := fixed; b < x.k; b++ {
		n := x.n[b*x.k+b]
		g[b] = x.nlogn(n+x.sumS[b]+x.sumP[b]+x.self[w]) - x.nlogn(n) -
			float64(2*(x.nlogn(x.total[b]+x.uni[w])-x.nlogn(x.total[b])))
	}
	x.add(x.useS, x.sumS, x.t)
	x.add(x.useP, x.sumP, x.n)
	best := int32(fixed)
	for b := fixed + 1; b < x.k; b++ {
		if g[b] > g[best] {
			best = int32(b)
		}
	}
	return best
}

// add adds what joining each class would gain on the neighbour classes in used; row d of m lists the counts with d.
func (x *exchange) add(used, sum, m []int32) {
	for _, d := range used {
		row, s := m[int(d)*x.k:int(d)*x.k+x.k], sum[d]
		for b := fixed; b < x.k; b++ {
			if int(d) != b {
				x.gain[b] += x.nlogn(row[b]+s) - x.nlogn(row[b])
			}
		}
	}
}

func (x *exchange) nlogn(n int32) float64 {
	if int(n) < len(x.log) {
		return x.log[n]
	}
	f := float64(n)
	return float64(f * math.Log(f))
}
