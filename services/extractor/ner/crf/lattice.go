package crf

import "math"

// Lattice sums over all label sequences of a run: the forward-backward algorithm in probabilities, scaled at each token.
// It is working memory for one goroutine. Arithmetic is in separate steps, so that every machine gets the same bits.
type Lattice struct {
	l            Labels
	emit         []float64 // exp of emissions, n per token
	alpha, beta  []float64
	scale        []float64
	total        float64
	trans        []float64
	leave, enter []int // labels after which a name is over; labels that may follow those
}

// NewLattice returns a lattice for labels l.
func NewLattice(l Labels) *Lattice {
	x := &Lattice{l: l, trans: make([]float64, l.N()*l.N())}
	for a := range l.N() {
		if l.leaves(a) {
			x.leave = append(x.leave, a)
		}
		if l.Follows(l.Outside(), a) {
			x.enter = append(x.enter, a)
		}
	}
	return x
}

// SetTransitions takes the transition weights, N by N.
func (x *Lattice) SetTransitions(t []float32) {
	for i, w := range t {
		x.trans[i] = 0
		if x.l.Follows(i/x.l.N(), i%x.l.N()) {
			x.trans[i] = Exp(float64(w))
		}
	}
}

// Run computes the sums for a run of n tokens with N emission scores each and returns the logarithm of the total, less
// each token's highest emission.
func (x *Lattice) Run(scores []float32, n int) float64 {
	k := x.l.N()
	x.emit, x.alpha, x.beta = sized(x.emit, n*k), sized(x.alpha, n*k), sized(x.beta, n*k)
	x.scale = sized(x.scale, n)
	logZ := 0.0
	for t := range n {
		row, top := scores[t*k:t*k+k], float32(math.Inf(-1))
		for _, s := range row {
			top = max(top, s)
		}
		for b, s := range row {
			x.emit[t*k+b] = Exp(float64(s - top))
		}
		x.forward(t)
		logZ += math.Log(x.scale[t])
	}
	x.backward(n)
	return logZ + math.Log(x.total)
}

// forward fills alpha at t, normalised to sum one.
func (x *Lattice) forward(t int) {
	k, out := x.l.N(), x.l.Outside()
	cur, e := x.alpha[t*k:t*k+k], x.emit[t*k:t*k+k]
	if t == 0 {
		clear(cur)
		for _, b := range x.enter {
			cur[b] = float64(x.trans[out*k+b] * e[b])
		}
	} else {
		prev := x.alpha[(t-1)*k : t*k]
		for _, b := range x.enter {
			v := 0.0
			for _, a := range x.leave {
				v += float64(prev[a] * x.trans[a*k+b])
			}
			cur[b] = float64(v * e[b])
		}
		for base := 0; base < out; base += 4 {
			p, q := prev[base+begin], prev[base+inside]
			for b := base + inside; b <= base+end; b++ {
				v := float64(p*x.trans[(base+begin)*k+b]) + float64(q*x.trans[(base+inside)*k+b])
				cur[b] = float64(v * e[b])
			}
		}
	}
	sum := 0.0
	for _, v := range cur {
		sum += v
	}
	x.scale[t] = sum
	for b := range cur {
		cur[b] /= sum
	}
}

func (x *Lattice) backward(n int) {
	k, out := x.l.N(), x.l.Outside()
	last := x.beta[(n-1)*k : n*k]
	clear(last)
	x.total = 0
	for _, a := range x.leave {
		last[a] = x.trans[a*k+out]
		x.total += float64(x.alpha[(n-1)*k+a] * last[a])
	}
	next := make([]float64, 0, lanes+1)
	for t := n - 2; t >= 0; t-- {
		next = next[:0]
		for b := range k {
			next = append(next, float64(x.emit[(t+1)*k+b]*x.beta[(t+1)*k+b]))
		}
		cur, s := x.beta[t*k:t*k+k], x.scale[t+1]
		for _, a := range x.leave {
			v := 0.0
			for _, b := range x.enter {
				v += float64(x.trans[a*k+b] * next[b])
			}
			cur[a] = v / s
		}
		for base := 0; base < out; base += 4 {
			p, q := next[base+inside], next[base+end]
			for a := base + begin; a <= base+inside; a++ {
				v := float64(x.trans[a*k+base+inside]*p) + float64(x.trans[a*k+base+end]*q)
				cur[a] = v / s
			}
		}
	}
}

// Label is the probability of label b at token t.
func (x *Lattice) Label(t, b int) float64 {
	i := t*x.l.N() + b
	return float64(x.alpha[i]*x.beta[i]) / x.total
}

// Pair is the probability of label a at token t-1 and b at t.
func (x *Lattice) Pair(t, a, b int) float64 {
	k := x.l.N()
	v := float64(x.alpha[(t-1)*k+a] * x.trans[a*k+b])
	v = float64(v * x.emit[t*k+b])
	v = float64(v * x.beta[t*k+b])
	return v / float64(x.scale[t]*x.total)
}

// Span is the probability of a name of the given type on tokens [start, end).
func (x *Lattice) Span(start, stop, typ int) float64 {
	base, k := 4*typ, x.l.N()
	if stop-start == 1 {
		return x.Label(start, base+single)
	}
	p, prev := x.alpha[start*k+base+begin], base+begin
	for t := start + 1; t < stop; t++ {
		b := base + inside
		if t == stop-1 {
			b = base + end
		}
		p = float64(p*x.trans[prev*k+b]) * x.emit[t*k+b] / x.scale[t]
		prev = b
	}
	return float64(p*x.beta[(stop-1)*k+prev]) / x.total
}

// Exp is e to the power of x, to about nine digits, with the same result on every machine; 0 below -700 and capped
// above 700.
func Exp(x float64) float64 {
	if x < -700 {
		return 0
	}
	x = min(x, 700)
	k := math.Floor(float64(x*(1/math.Ln2)) + 0.5)
	r := x - float64(k*math.Ln2)
	p := 1.0 / 5040
	for _, c := range [7]float64{1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1} {
		p = float64(p*r) + c
	}
	return math.Float64frombits(math.Float64bits(p) + uint64(int64(k))<<52)
}
