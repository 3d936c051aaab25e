package train

import (
	"math"
	"slices"
	"sync"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/crf"
)

// examples are the runs of a corpus with their features and labels, laid end to end.
type examples struct {
	l      crf.Labels
	runs   []span  // tokens of each run
	ends   []int   // end of each token's features in ids
	ids    []int32 // features: keys while they are gathered, then numbers
	labels []uint8
	lost   int // names that no run holds
	names  int
}

type span struct{ first, end int }

func (e *examples) features(t int) []int32 {
	from := 0
	if t > 0 {
		from = e.ends[t-1]
	}
	return e.ids[from:e.ends[t]]
}

// prepare analyses the documents, in equal shares by several workers, and joins what they made in document order.
func prepare(docs []bio.Document, found [][]crf.Span, o Options, pass int) (*examples, error) {
	m := crf.NewAnalyser(o.Types, o.Lexicon)
	parts := make([]*examples, o.Workers)
	var wg sync.WaitGroup
	for k := range parts {
		from, to := k*len(docs)/o.Workers, (k+1)*len(docs)/o.Workers
		wg.Go(func() {
			parts[k] = &examples{l: m.Labels}
			d := m.NewDocument()
			for i := from; i < to; i++ {
				var f []crf.Span
				if found != nil {
					f = found[i]
				}
				parts[k].add(d, docs[i], f, o.Types, pass)
			}
		})
	}
	wg.Wait()
	out := parts[0]
	for _, p := range parts[1:] {
		out.append(p)
	}
	o.Progress("%d names, %d of them outside all runs", out.names, out.lost)
	return out, nil
}

func (e *examples) append(p *examples) {
	token, id := len(e.ends), len(e.ids)
	for _, r := range p.runs {
		e.runs = append(e.runs, span{r.first + token, r.end + token})
	}
	for _, x := range p.ends {
		e.ends = append(e.ends, x+id)
	}
	e.ids = append(e.ids, p.ids...)
	e.labels = append(e.labels, p.labels...)
	e.lost += p.lost
	e.names += p.names
}

// add appends the runs of one document.
func (e *examples) add(d *crf.Document, doc bio.Document, found []crf.Span, types []string, pass int) {
	tokens, ends := flatten(doc)
	d.Load(tokens, ends)
	if pass > 0 {
		d.Vote(found)
	}
	gold := make([]uint8, len(tokens))
	inside := make([]bool, len(tokens))
	for _, r := range d.Runs() {
		for i := r.First; i < r.End; i++ {
			inside[i] = true
		}
	}
	e.label(gold, inside, doc, types)
	var keys []uint32
	for _, r := range d.Runs() {
		first := len(e.ends)
		for i := r.First; i < r.End; i++ {
			keys = d.Keys(keys[:0], r, i, pass)
			for _, k := range keys {
				e.ids = append(e.ids, int32(k))
			}
			e.ends = append(e.ends, len(e.ids))
			e.labels = append(e.labels, gold[i])
		}
		e.runs = append(e.runs, span{first, len(e.ends)})
	}
}

// label writes the labels of the document's names that lie in runs.
func (e *examples) label(gold []uint8, inside []bool, doc bio.Document, types []string) {
	for i := range gold {
		gold[i] = uint8(e.l.Outside())
	}
	at := 0
	for _, s := range doc {
		for _, n := range bio.Spans(s.Tags) {
			typ := typeIndex(types, n.Type)
			if typ < 0 {
				continue
			}
			e.names++
			if slices.Contains(inside[at+n.Start:at+n.End], false) {
				e.lost++
				continue
			}
			e.l.Name(gold[at+n.Start:at+n.End], typ)
		}
		at += len(s.Tokens)
	}
}

// number replaces keys by their numbers, drops those seen fewer than cut times, and returns the keys in order.
func (e *examples) number(cut int) []uint32 {
	count := newCounter()
	for _, k := range e.ids {
		count.add(uint32(k))
	}
	keys := count.atLeast(cut)
	for i, k := range keys {
		count.set(k, int32(i))
	}
	e.keep(func(id int32) int32 { return count.get(uint32(id)) })
	return keys
}

// keep renames every feature; those with a negative name are dropped.
func (e *examples) keep(name func(id int32) int32) {
	out, from := e.ids[:0], 0
	for t, end := range e.ends {
		for _, id := range e.ids[from:end] {
			if n := name(id); n >= 0 {
				out = append(out, n)
			}
		}
		from, e.ends[t] = end, len(out)
	}
	e.ids = out
}

// counter is a hash table from keys to counts, and then to numbers.
type counter struct {
	keys   []uint32
	values []int32 // 0 marks an empty place
	used   int
}

func newCounter() *counter {
	return &counter{keys: make([]uint32, 1<<16), values: make([]int32, 1<<16)}
}

func (c *counter) place(k uint32) int {
	mask := uint32(len(c.keys) - 1)
	for i := k * 2654435761 >> 3 & mask; ; i = (i + 1) & mask {
		if c.values[i] == 0 || c.keys[i] == k {
			return int(i)
		}
	}
}

func (c *counter) add(k uint32) {
	i := c.place(k)
	if c.values[i] == 0 {
		c.keys[i] = k
		c.used++
	}
	if c.values[i] < math.MaxInt32 {
		c.values[i]++
	}
	if c.used*2 > len(c.keys) {
		c.grow()
	}
}

func (c *counter) grow() {
	keys, values := c.keys, c.values
	c.keys, c.values = make([]uint32, 2*len(keys)), make([]int32, 2*len(keys))
	for i, v := range values {
		if v != 0 {
			j := c.place(keys[i])
			c.keys[j], c.values[j] = keys[i], v
		}
	}
}

// atLeast returns the keys counted n times or more, ascending, and marks all others as dropped.
func (c *counter) atLeast(n int) []uint32 {
	var out []uint32
	for i, v := range c.values {
		switch {
		case v == 0:
		case int(v) >= n:
			out = append(out, c.keys[i])
		default:
			c.values[i] = -1
		}
	}
	slices.Sort(out)
	return out
}

// set gives key k the number n; get returns it, or -1 for a dropped key.
func (c *counter) set(k uint32, n int32) { c.values[c.place(k)] = n + 1 }

func (c *counter) get(k uint32) int32 {
	v := c.values[c.place(k)]
	if v < 0 {
		return -1
	}
	return v - 1
}
