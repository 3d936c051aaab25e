package crf

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// random makes a model with weights for the features of a few tokens, chosen by chance.
func random(t testing.TB, types int, coarse bool, passes int) []byte {
	t.Helper()
	lex, err := NewLexicon([]ClassedWord{{"the", [3]uint16{3, 7, 200}}, {"Paris", [3]uint16{5, 9, 799}}},
		[][]string{{"paris", "new york"}, {"smith"}}, []string{"of", "the"})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"PER", "ORG", "LOC", "MISC"}[:types]
	p := Parts{Types: names, Lexicon: lex, Coarse: coarse, Calibration: [2]float64{0.7, -0.1}}
	rng := rand.New(rand.NewPCG(1, 2))
	d := NewAnalyser(names, lex).NewDocument()
	d.Load(tokens, ends)
	n := Labels{types}.N()
	for pass := range passes {
		d.Vote(nil)
		var w Pass
		for _, r := range d.Runs() {
			for i := r.First; i < r.End; i++ {
				w.Keys = d.Keys(w.Keys, r, i, pass)
			}
		}
		slices.Sort(w.Keys)
		w.Keys = slices.Compact(w.Keys)
		for range len(w.Keys) * n {
			w.Weights = append(w.Weights, float32(rng.NormFloat64()*0.3))
		}
		for range n * n {
			w.Trans = append(w.Trans, float32(rng.NormFloat64()*0.3))
		}
		p.Passes = append(p.Passes, w)
	}
	file, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

var (
	tokens = []string{"Mr.", "Smith", "of", "New", "York", "left", "the", "Bank", "of", "Paris", ".", "Smith", "'s", "dog", "ran", "to", "PARIS", "."}
	ends   = []int{11, 18}
)

func decode(t testing.TB, file []byte) *Model {
	t.Helper()
	m, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTaggerAddsUpTheKeys holds the tagger's piecemeal sums to the plain sum over all features of a token.
func TestTaggerAddsUpTheKeys(t *testing.T) {
	for _, types := range []int{1, 3, 4} {
		m := decode(t, random(t, types, false, 2))
		x := &tagger{doc: m.NewDocument()}
		x.doc.Load(tokens, ends)
		x.doc.Vote([]Span{{1, 2, 0}})
		for pass := range 2 {
			for _, r := range x.doc.Runs() {
				x.emit = sized(x.emit, r.End-r.First)
				x.score(m, r, pass)
				for i := r.First; i < r.End; i++ {
					var v vec
					var want emission
					m.passes[pass].addAll(&v, x.doc.Keys(nil, r, i, pass))
					v.read((*[lanes]int32)(&want))
					if got := x.emit[i-r.First]; got != want {
						t.Fatalf("%d types, pass %d, token %d: scores %v, want %v", types, pass, i, got, want)
					}
				}
			}
		}
	}
}

func TestLanesAddWithoutLeaking(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		var v vec
		var want [lanes]int32
		w := &weights{features: index{shift: 16, start: make([]uint32, 1<<16+1), low: []uint16{7}}, rows: make([]row, 1)}
		w.features.start[1] = 1
		for b := 2; b < len(w.features.start); b++ {
			w.features.start[b] = 1
		}
		for range 100 {
			var q [lanes]int8
			for i := range q {
				q[i] = int8(rng.IntN(255) - 127)
				want[i] += int32(q[i])
			}
			w.rows[0] = packRow(&q)
			w.add(&v, 7)
		}
		var got [lanes]int32
		v.read(&got)
		if got != want {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

// TestViterbiFindsTheBest compares with trying every sequence of labels.
func TestViterbiFindsTheBest(t *testing.T) {
	l := Labels{2}
	rng := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		w := &weights{trans: make([]int32, l.N()*l.N())}
		for i := range w.trans {
			w.trans[i] = int32(rng.IntN(200) - 100)
		}
		e := make([]emission, 1+rng.IntN(4))
		for i := range e {
			for b := range l.Outside() {
				e[i][b] = int32(rng.IntN(200) - 100)
			}
		}
		y := make([]uint8, len(e))
		w.best(l, e, y, make([][lanes + 1]uint8, len(e)))
		if got, want := score(w, l, e, y), brute(w, l, e); got != want {
			t.Fatalf("%v scores %d, the best %d", y, got, want)
		}
	}
}

func score(w *weights, l Labels, e []emission, y []uint8) int32 {
	n, out := l.N(), l.Outside()
	sum, prev := int32(0), out
	for i, b := range y {
		if !l.Follows(prev, int(b)) {
			return math.MinInt32
		}
		sum += w.trans[prev*n+int(b)]
		if int(b) != out {
			sum += e[i][b]
		}
		prev = int(b)
	}
	if !l.leaves(prev) {
		return math.MinInt32
	}
	return sum + w.trans[prev*n+out]
}

func brute(w *weights, l Labels, e []emission) int32 {
	y := make([]uint8, len(e))
	best := int32(math.MinInt32)
	for {
		best = max(best, score(w, l, e, y))
		i := 0
		for i < len(y) && int(y[i]) == l.N()-1 {
			y[i] = 0
			i++
		}
		if i == len(y) {
			return best
		}
		y[i]++
	}
}

// TestLatticeSumsToOne checks that probabilities of labels add up and that those of pairs agree with them.
func TestLatticeSumsToOne(t *testing.T) {
	l := Labels{3}
	rng := rand.New(rand.NewPCG(7, 8))
	x := NewLattice(l)
	trans := make([]float32, l.N()*l.N())
	for i := range trans {
		trans[i] = float32(rng.NormFloat64())
	}
	x.SetTransitions(trans)
	const n = 6
	scores := make([]float32, n*l.N())
	for i := range scores {
		scores[i] = float32(3 * rng.NormFloat64())
	}
	x.Run(scores, n)
	for i := range n {
		sum := 0.0
		for b := range l.N() {
			sum += x.Label(i, b)
		}
		if math.Abs(sum-1) > 1e-6 {
			t.Errorf("labels of token %d have probability %g", i, sum)
		}
		if i == 0 {
			continue
		}
		for b := range l.N() {
			sum := 0.0
			for a := range l.N() {
				if l.Follows(a, b) {
					sum += x.Pair(i, a, b)
				}
			}
			if math.Abs(sum-x.Label(i, b)) > 1e-6 {
				t.Errorf("pairs into label %d of token %d: %g, the label %g", b, i, sum, x.Label(i, b))
			}
		}
	}
	if a, b := x.Span(2, 3, 1), x.Label(2, 4+single); math.Abs(a-b) > 1e-9 {
		t.Errorf("a name of one token has %g, its label %g", a, b)
	}
}

func TestExp(t *testing.T) {
	for x := -50.0; x < 50; x += 0.37 {
		if got, want := Exp(x), math.Exp(x); math.Abs(got/want-1) > 1e-7 {
			t.Errorf("Exp(%g) = %g, want %g", x, got, want)
		}
	}
	if Exp(-1e9) != 0 || math.IsInf(Exp(1e9), 0) {
		t.Error("out of range")
	}
}

func TestFileHoldsTheModel(t *testing.T) {
	for _, coarse := range []bool{false, true} {
		for _, types := range []int{1, 3, 4} {
			m := decode(t, random(t, types, coarse, 1))
			if len(m.Types()) != types || m.Features() == 0 || m.calibration[0] != 0.7 {
				t.Errorf("%d types: read %v, %d features", types, m.Types(), m.Features())
			}
			if k := m.passes[0].features.keys(); !slices.IsSorted(k) || len(k) != m.Features() {
				t.Error("keys are not what was written")
			}
			first := m.Tag(tokens, ends)
			if again := m.Tag(tokens, ends); !slices.Equal(first, again) {
				t.Errorf("first %v, then %v", first, again)
			}
		}
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	file := random(t, 3, true, 1)
	for n := 0; n < len(file); n += 1 + len(file)/200 {
		if _, err := Decode(file[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes are read as a model", n, len(file))
		}
		bad := bytes.Clone(file)
		bad[n] ^= 0x40
		if _, err := Decode(bad); err == nil {
			t.Fatalf("a model with byte %d changed is read", n)
		}
	}
}

// FuzzDecode gives files with a right checksum and wrong content.
func FuzzDecode(f *testing.F) {
	file := random(f, 1, true, 1)
	f.Add(file[:len(file)-4], 40, byte(3))
	f.Add(file[:30], 9, byte(0xff))
	f.Fuzz(func(_ *testing.T, b []byte, at int, x byte) {
		if len(b) < len(magic) {
			return
		}
		b = bytes.Clone(b)
		if at >= len(magic) && at < len(b) {
			b[at] ^= x
		}
		m, err := Decode(seal(b))
		if err == nil {
			m.Tag(tokens, ends)
		}
	})
}

func TestShapesAndFolds(t *testing.T) {
	same := [][2]string{{"’s", "'s"}, {"1996", "2024"}, {"“", "\""}, {"--", "—"}, {"co\u00adop", "coop"}, {"``", "''"}}
	for _, c := range same {
		var a, b form
		readForm(c[0], &a)
		readForm(c[1], &b)
		if a != b || exactHash(c[0]) != a.exact || Fold(c[0]) != Fold(c[1]) {
			t.Errorf("%q and %q differ", c[0], c[1])
		}
	}
	for _, w := range []string{"Paris", "PARIS", "McDonald", "Ångström", "東京", "3-1", "U.S."} {
		var f form
		readForm(w, &f)
		if f.exact != exactHash(w) || !f.upper && w != "3-1" {
			t.Errorf("%q: %+v", w, f)
		}
	}
}

// TestFarWordsCostNothing holds that the work grows with the text and no faster.
func TestFarWordsCostNothing(t *testing.T) {
	m := decode(t, random(t, 3, false, 1))
	many := func(n int) ([]string, []int) {
		var ts []string
		var es []int
		for range n {
			ts = append(ts, tokens...)
			es = append(es, len(ts))
		}
		return ts, es
	}
	d := m.NewDocument()
	work := func(n int) int {
		ts, es := many(n)
		d.Load(ts, es)
		keys := 0
		for _, r := range d.Runs() {
			for i := r.First; i < r.End; i++ {
				keys += len(d.Keys(nil, r, i, 0))
			}
		}
		return keys
	}
	if a, b := work(200), work(400); b > 2*a+1000 {
		t.Errorf("%d features for 200 sentences, %d for 400", a, b)
	}
}
