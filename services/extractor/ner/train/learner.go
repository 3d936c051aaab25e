package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/crf"
)

// learner holds the weights while they are learnt. A feature's row has its N weights and then the N sums of their
// squared gradients.
type learner struct {
	o      Options
	pass   int
	ex     *examples
	n      int
	rows   []float32
	trans  []float32
	transG []float32
	rng    *rand.Rand
	order  []int32
	lat    *crf.Lattice

	scores []float32
	kept   []int32
	ends   []int
	grad   []float64

	last int // the number of the last epoch
	mean mean
}

func newLearner(ex *examples, features int, o Options, pass int) *learner {
	n := ex.l.N()
	l := &learner{o: o, pass: pass, ex: ex, n: n, rows: make([]float32, features*2*n), trans: make([]float32, n*n),
		transG: make([]float32, n*n), grad: make([]float64, n*n), rng: rand.New(rand.NewPCG(o.Seed, uint64(pass)+1)),
		order: make([]int32, len(ex.runs)), lat: crf.NewLattice(ex.l)}
	for i := range l.order {
		l.order[i] = int32(i)
	}
	return l
}

// epoch goes through all runs once, in a new order.
func (l *learner) epoch(number int, keys []uint32) {
	l.rng.Shuffle(len(l.order), func(i, j int) { l.order[i], l.order[j] = l.order[j], l.order[i] })
	loss, often := 0.0, len(l.order)+1
	if number == l.last && l.o.Mean > 0 {
		often = max(1, len(l.order)/l.o.Mean)
	}
	for i, r := range l.order {
		loss += l.step(l.ex.runs[r])
		if (i+1)%often == 0 {
			l.mean.note(l)
		}
	}
	l.mean.settle(l)
	l.o.Progress("epoch %d: loss %.4f per token%s", number, loss/float64(max(1, len(l.ex.labels))), l.dev(keys))
}

// dev scores the model as it stands on the development documents.
func (l *learner) dev(keys []uint32) string {
	if l.o.Dev == nil || l.pass > 0 {
		return ""
	}
	m, err := build(crf.Parts{Types: l.o.Types, Lexicon: l.o.Lexicon, Passes: []crf.Pass{l.result(keys)}})
	if err != nil {
		return ", " + err.Error()
	}
	s := Evaluate(m, l.o.Dev)
	return ", dev F1 " + percent(s.Of("").F1())
}

// step learns from one run and returns its loss, the negative log-likelihood before the step.
func (l *learner) step(r span) float64 {
	l.drop(r)
	n, k := r.end-r.first, l.n
	if cap(l.scores) < n*k {
		l.scores = make([]float32, 2*n*k)
	}
	l.scores = l.scores[:n*k]
	clear(l.scores)
	from := 0
	for t := range n {
		row := l.scores[t*k : t*k+k]
		for _, id := range l.kept[from:l.ends[t]] {
			at := int(id) * 2 * k
			w := l.rows[at : at+k]
			for b := range row {
				row[b] += w[b]
			}
		}
		from = l.ends[t]
	}
	l.lat.SetTransitions(l.trans)
	logZ := l.lat.Run(l.scores, n)
	loss := logZ - l.gold(r)
	l.learnLabels(r)
	l.learnTransitions(r)
	return loss
}

// drop lists the features of the run's tokens that take part in this step.
func (l *learner) drop(r span) {
	l.kept, l.ends = l.kept[:0], l.ends[:0]
	limit := uint64(max(0, l.o.Drop) * 256)
	var dice uint64
	left := 0
	for t := r.first; t < r.end; t++ {
		for _, id := range l.ex.features(t) {
			if left == 0 {
				dice, left = l.rng.Uint64(), 8
			}
			if dice&255 >= limit {
				l.kept = append(l.kept, id)
			}
			dice >>= 8
			left--
		}
		l.ends = append(l.ends, len(l.kept))
	}
}

// gold is the score of the run's own labels, less each token's highest, to match Lattice.Run.
func (l *learner) gold(r span) float64 {
	k, out := l.n, l.ex.l.Outside()
	sum, prev := 0.0, out
	for t := r.first; t < r.end; t++ {
		row := l.scores[(t-r.first)*k : (t-r.first)*k+k]
		y := int(l.ex.labels[t])
		sum += float64(row[y]-slices.Max(row)) + float64(l.trans[prev*k+y])
		prev = y
	}
	return sum + float64(l.trans[prev*k+out])
}

// least is the smallest gradient worth a step.
const least = 1e-3

func (l *learner) learnLabels(r span) {
	from := 0
	for t := r.first; t < r.end; t++ {
		var which [17]int
		var grad [17]float32
		n := 0
		for b := range l.n {
			g := l.lat.Label(t-r.first, b)
			if b == int(l.ex.labels[t]) {
				g--
			}
			if g > least || g < -least {
				which[n], grad[n] = b, float32(g)
				n++
			}
		}
		ids := l.kept[from:l.ends[t-r.first]]
		from = l.ends[t-r.first]
		if n > 0 {
			l.descend(ids, which[:n], grad[:n])
		}
	}
}

// descend moves the weights of the features against the gradient, each by its own rate.
func (l *learner) descend(ids []int32, which []int, grad []float32) {
	rate, k := float32(l.o.Rate), l.n
	for _, id := range ids {
		row := l.rows[int(id)*2*k : int(id)*2*k+2*k]
		for i, b := range which {
			g := grad[i]
			sum := row[k+b] + float32(g*g)
			row[k+b] = sum
			row[b] -= float32(rate*g) / (float32(math.Sqrt(float64(sum))) + 1e-6)
		}
	}
}

func (l *learner) learnTransitions(r span) {
	k, out := l.n, l.ex.l.Outside()
	clear(l.grad)
	n := r.end - r.first
	prev := out
	for t := range n {
		y := int(l.ex.labels[r.first+t])
		l.grad[prev*k+y]--
		prev = y
		for b := range k {
			if t == 0 {
				l.grad[out*k+b] += l.lat.Label(0, b)
				continue
			}
			for a := range k {
				if l.ex.l.Follows(a, b) {
					l.grad[a*k+b] += l.lat.Pair(t, a, b)
				}
			}
		}
	}
	l.grad[prev*k+out]--
	for a := range k {
		l.grad[a*k+out] += l.lat.Label(n-1, a)
	}
	for i, d := range l.grad {
		if d != 0 {
			g := float32(d)
			l.transG[i] += float32(g * g)
			l.trans[i] -= float32(float32(l.o.Rate)*g) / (float32(math.Sqrt(float64(l.transG[i]))) + 1e-6)
		}
	}
}

// shrink keeps the features that matter most and returns their keys.
func (l *learner) shrink(keys []uint32, keep int) []uint32 {
	k := l.n
	worth := make([]float32, len(keys))
	for i := range keys {
		row := l.rows[i*2*k : i*2*k+2*k]
		for b := range k {
			worth[i] = max(worth[i], float32(math.Abs(float64(row[b]-row[k-1]))))
		}
	}
	sorted := slices.Clone(worth)
	slices.Sort(sorted)
	limit := sorted[len(sorted)-keep]
	names := make([]int32, len(keys))
	var out []uint32
	for i, key := range keys {
		if names[i] = -1; worth[i] < limit || len(out) == keep {
			continue
		}
		names[i] = int32(len(out))
		copy(l.rows[len(out)*2*k:], l.rows[i*2*k:i*2*k+2*k])
		out = append(out, key)
	}
	l.rows = slices.Clip(l.rows[:len(out)*2*k])
	l.ex.keep(func(id int32) int32 { return names[id] })
	return out
}

// result returns the weights learnt so far.
func (l *learner) result(keys []uint32) crf.Pass {
	k := l.n
	w := make([]float32, 0, len(keys)*k)
	for i := range keys {
		w = append(w, l.rows[i*2*k:i*2*k+k]...)
	}
	return crf.Pass{Keys: keys, Weights: w, Trans: slices.Clone(l.trans)}
}

// Evaluate scores a model on labelled documents, with their tokens and sentences as they stand; types that the model
// does not know count as no name.
func Evaluate(m *crf.Model, docs []bio.Document) *bio.Score {
	s := new(bio.Score)
	for _, d := range docs {
		tokens, ends := flatten(d)
		found := m.Tag(tokens, ends)
		first := 0
		for i, end := range ends {
			var got []bio.Span
			for len(found) > 0 && found[0].Start < end {
				got = append(got, bio.Span{Start: found[0].Start - first, End: found[0].End - first, Type: m.Types()[found[0].Type]})
				found = found[1:]
			}
			s.Add(bio.Spans(d[i].Tags), got, m.Types())
			first = end
		}
	}
	return s
}

func percent(f float64) string { return strconv.FormatFloat(100*f, 'f', 2, 64) }
