package crf

import (
	"math/bits"

	"tocsin/services/extractor/words"
)

// tagger is the working memory of one Find.
type tagger struct {
	doc    *Document
	text   words.Text
	tokens []string
	emit   []emission
	back   [][lanes + 1]uint8
	y      []uint8
	spans  []found
	names  []Name
	keys   []uint32

	odds    *Lattice
	scores  []float32
	trans   []float32
	weighed int // the pass whose transitions odds has, plus one
}

// found is a name with the probability the model gives it.
type found struct {
	Span
	odds float64
}

// run tags the document that is loaded and leaves its names in t.spans.
func (t *tagger) run(m *Model) {
	t.spans = t.spans[:0]
	if len(m.passes) == 0 {
		return
	}
	for pass := range m.passes {
		if pass > 0 {
			t.doc.Vote(plain(t.spans))
			t.spans = t.spans[:0]
		}
		for _, r := range t.doc.runs {
			t.tagRun(m, r, pass)
		}
	}
}

func (t *tagger) tagRun(m *Model, r Run, pass int) {
	n := r.End - r.First
	t.emit, t.back, t.y = sized(t.emit, n), sized(t.back, n), sized(t.y, n)
	t.score(m, r, pass)
	w := &m.passes[pass]
	w.best(m.Labels, t.emit, t.y, t.back)
	from := len(t.spans)
	t.spans = m.spans(t.spans, t.y, r.First)
	if pass == len(m.passes)-1 {
		t.weigh(m, r, from, pass)
	}
}

func plain(fs []found) []Span {
	out := make([]Span, len(fs))
	for i, f := range fs {
		out[i] = f.Span
	}
	return out
}

// score fills the emissions of a run.
func (t *tagger) score(m *Model, r Run, pass int) {
	d, w := t.doc, &m.passes[pass]
	var n neighbours
	for i := r.First; i < r.End; i++ {
		var v vec
		d.around(&n, r, i)
		for o, x := range n {
			if !x.summed {
				m.sum(x)
			}
			v.add(&x.of(pass).at[o])
		}
		t.near(&v, m, r, i, pass)
		for o := -1; o <= 1; o++ {
			if j := i + o; j >= r.sentence && j < r.stop {
				addNames(&v, &m.names[pass][o+1], &d.names[j])
			}
		}
		t.keys = d.contextKeys(t.keys[:0], &n, r, i, pass)
		w.addAll(&v, t.keys)
		v.read((*[lanes]int32)(&t.emit[i-r.First]))
	}
}

// near adds what the words three and four places away give to token i.
func (t *tagger) near(v *vec, m *Model, r Run, i, pass int) {
	for k := 3; k <= 4; k++ {
		if i-k >= r.sentence {
			x := t.doc.word(i - k)
			if !x.summed {
				m.sum(x)
			}
			v.add(&x.of(pass).near[0])
		}
		if i+k < r.stop {
			x := t.doc.word(i + k)
			if !x.summed {
				m.sum(x)
			}
			v.add(&x.of(pass).near[1])
		}
	}
}

func addNames(v *vec, sums *[4][ListCount]vec, found *places4) {
	for place, set := range found {
		for ; set != 0; set &= set - 1 {
			v.add(&sums[place][bits.TrailingZeros16(set)])
		}
	}
}

// Tag returns the names of a document that is given as tokens, with the index after each sentence's last token. Spans
// are in order and do not overlap.
func (m *Model) Tag(tokens []string, ends []int) []Span {
	t := m.pool.Get().(*tagger)
	defer m.pool.Put(t)
	t.doc.Load(tokens, ends)
	t.run(m)
	return plain(t.spans)
}

// TagScored is Tag with the probability that the model gives each name, before calibration.
func (m *Model) TagScored(tokens []string, ends []int) ([]Span, []float64) {
	t := m.pool.Get().(*tagger)
	defer m.pool.Put(t)
	t.doc.Load(tokens, ends)
	t.run(m)
	scores := make([]float64, len(t.spans))
	for i, s := range t.spans {
		scores[i] = s.odds
	}
	return plain(t.spans), scores
}
