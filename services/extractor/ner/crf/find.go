package crf

import "math"

// Name is one name found in a text: the bytes [Start, End), the index of its type, and the probability that it is
// right, in [0, 1].
type Name struct {
	Start, End, Type int
	Score            float64
}

// Reading is what a model found in one text, with the words it saw. It is working memory for one goroutine; the zero
// value is not usable, see Model.Read.
type Reading struct {
	m *Model
	t *tagger
	// Names are in text order and do not overlap.
	Names []Name
}

// Read finds the names of text. Give the reading back with Close when done; it must not be used after that.
func (m *Model) Read(text string) Reading {
	t := m.pool.Get().(*tagger)
	t.text.Split(text)
	t.tokens = sized(t.tokens, len(t.text.Tokens))
	for i, k := range t.text.Tokens {
		t.tokens[i] = k.In(text)
	}
	t.doc.Load(t.tokens, t.text.Ends)
	t.names = t.names[:0]
	t.run(m)
	for _, s := range t.spans {
		t.names = append(t.names, Name{t.text.Tokens[s.Start].Start, t.text.Tokens[s.End-1].End, s.Type, m.calibrated(s.odds)})
	}
	return Reading{m, t, t.names}
}

// Close returns the reading's memory to the model.
func (r Reading) Close() {
	r.t.doc.tokens = nil
	clear(r.t.tokens) // lets go of the text
	r.m.pool.Put(r.t)
}

// calibrated turns the model's own probability into the share of such names that are right.
func (m *Model) calibrated(p float64) float64 {
	if m.calibration[0] == 0 {
		return p
	}
	p = min(max(p, 1e-12), 1-1e-12)
	x := m.calibration[0]*math.Log(p/(1-p)) + m.calibration[1]
	return 1 / (1 + Exp(-x))
}

// weigh sets the probability of the names found in a run, from on in t.spans.
func (t *tagger) weigh(m *Model, r Run, from, pass int) {
	if from == len(t.spans) {
		return
	}
	if t.odds == nil {
		t.odds = NewLattice(m.Labels)
	}
	n, k := r.End-r.First, m.N()
	t.scores = sized(t.scores, n*k)
	for i := range n {
		row := t.scores[i*k : i*k+k]
		for b := range row[:k-1] {
			row[b] = float32(float64(t.emit[i][b]) * m.unit)
		}
		row[k-1] = 0
	}
	if t.weighed != pass+1 {
		t.trans = sized(t.trans, k*k)
		for i, w := range m.passes[pass].trans {
			t.trans[i] = float32(float64(w) * m.unit)
		}
		t.odds.SetTransitions(t.trans)
		t.weighed = pass + 1
	}
	t.odds.Run(t.scores, n)
	for i := from; i < len(t.spans); i++ {
		s := &t.spans[i]
		s.odds = t.odds.Span(s.Start-r.First, s.End-r.First, s.Type)
	}
}
