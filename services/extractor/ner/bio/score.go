package bio

import "slices"

// Count is what was found of one type: right, found but wrong, missed.
type Count struct{ Right, Wrong, Missed int }

// Precision is the share of what was found that is right; 0 when nothing was found.
func (c Count) Precision() float64 { return ratio(c.Right, c.Right+c.Wrong) }

// Recall is the share of what is there that was found; 0 when nothing is there.
func (c Count) Recall() float64 { return ratio(c.Right, c.Right+c.Missed) }

// F1 is the harmonic mean of precision and recall.
func (c Count) F1() float64 { return ratio(2*c.Right, 2*c.Right+c.Wrong+c.Missed) }

func (c Count) plus(d Count) Count {
	return Count{c.Right + d.Right, c.Wrong + d.Wrong, c.Missed + d.Missed}
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// Score counts exact spans with exact types, as conlleval does (CoNLL-2003 shared task). The zero value is ready.
type Score struct{ byType map[string]Count }

// Add compares what was found in one sentence with its gold spans. Types other than the given ones count as no name on
// both sides.
func (s *Score) Add(gold, found []Span, types []string) {
	if s.byType == nil {
		s.byType = map[string]Count{}
	}
	want := map[Span]bool{}
	for _, g := range gold {
		if slices.Contains(types, g.Type) {
			want[g] = true
		}
	}
	for _, f := range found {
		if !slices.Contains(types, f.Type) {
			continue
		}
		c := s.byType[f.Type]
		if want[f] {
			c.Right++
			delete(want, f)
		} else {
			c.Wrong++
		}
		s.byType[f.Type] = c
	}
	for g := range want {
		c := s.byType[g.Type]
		c.Missed++
		s.byType[g.Type] = c
	}
}

// Of returns the counts of one type, or of all types together when typ is empty.
func (s *Score) Of(typ string) Count {
	if typ != "" {
		return s.byType[typ]
	}
	var all Count
	for _, c := range s.byType {
		all = all.plus(c)
	}
	return all
}
