package watch

import (
	"fmt"
	"slices"

	"tocsin/services/extractor/watch/fold"
)

// Explanation is the full sum for one entry in one text, whether it rings or not.
type Explanation struct {
	// Match is the best candidate; its zero value when no two parts of any spelling met words that stand together.
	Match Match
	Rings bool
	// Why is one sentence.
	Why string
	// Nearest has, for each part of the entry's first spelling, or of Match.Alias when there is a Match, the word of the
	// text that is most like it; parts that no word is like are left out.
	Nearest []Nearest
}

// Nearest is a watched part and the word of the text that is most like it, wherever that stands.
type Nearest struct {
	Watched, Word string
	// At are byte offsets of the word.
	At Span
	// Similar is in (0, 1]: 1 for the same letters. Below 0.66 a word leads to no name.
	Similar float64
	Rule    string
}

// explainDepth is how far below its threshold a candidate is still shown, in bits.
const explainDepth = 60.0

// Explain says what entry e would ring at in doc, by the thresholds and competitors of x. The entry need not be in x.
// It compiles the entry anew: meant for people who ask, not for every text.
func (x *Index) Explain(e Entry, doc Doc) Explanation {
	e = e.WithIdentity()
	alone, problems := Compile([]Entry{e}, x.options)
	if len(problems) > 0 && len(alone.levels[0].entries.id.at) == 1 {
		return Explanation{Why: problems[0].Sentence}
	}
	if x.distinct[e.List] > 0 {
		alone.distinct = x.distinct
		alone.setBars()
	}
	rang, near := alone.Search(doc, explainDepth)
	found := append(rang, near...)
	if len(found) == 0 {
		out := Explanation{Why: "no spelling meets words that stand together in the text", Nearest: nearestWords(e.Names[0], doc.Text)}
		if len(out.Nearest) == 0 {
			out.Why = "no word of the text is like any part of the name"
		}
		return out
	}
	out := Explanation{Match: found[0], Rings: len(rang) > 0, Nearest: nearestWords(Name{Text: found[0].Alias}, doc.Text)}
	m := &out.Match
	switch {
	case m.Bits < m.Threshold:
		out.Why = fmt.Sprintf("the evidence of %.1f bits is below the threshold of %.1f", m.Bits, m.Threshold)
	case !out.Rings:
		out.Why = m.Held
	default:
		out.Why = x.whyRings(&out, doc, e.Policy)
	}
	return out
}

// whyRings tells an entry that rings from one that another entry of its list outbids.
func (x *Index) whyRings(out *Explanation, doc Doc, policy Policy) string {
	m := out.Match
	for _, o := range x.Find(doc) {
		same := o.List == m.List && o.Entry == m.Entry
		if !same && o.List == m.List && o.Bits > m.Bits+tied(m.Bits, len(m.Penalties) == 0) && slices.ContainsFunc(o.Mentions, m.Best.overlaps) {
			out.Rings = false
			return fmt.Sprintf("entry %s explains the same words better, with %.1f bits against %.1f", o.Entry, o.Bits, m.Bits)
		}
	}
	why := fmt.Sprintf("the evidence of %.1f bits reaches the threshold of %.1f", m.Bits, m.Threshold)
	switch earned := tier(m.Bits - m.Threshold); {
	case earned == m.Tier:
	case m.Tier == lowered(earned, policy.Tier):
		why += fmt.Sprintf("; it would ring as %s, but the entry's policy lets it ring as %s at most", earned, m.Tier)
	default:
		why += fmt.Sprintf("; it would ring as %s, but one word, or a weak alias, without support from the context rings as %s at most", earned, m.Tier)
	}
	return why
}

// nearestWords finds the likest word of a text for each part of a name.
func nearestWords(n Name, text string) []Nearest {
	name := parseName(n)
	best := make([]Nearest, len(name.base))
	for _, w := range fold.Words(nil, text) {
		x := newLexeme(w.Raw(text), w.Flags)
		for i := range name.base {
			l := &name.base[i]
			for _, m := range append([]piece{x.piece}, x.other...) {
				if m.word == "" {
					continue
				}
				if s, rule := meet(l, &m); s > best[i].Similar {
					best[i] = Nearest{l.word, text[w.Start:w.End], Span{w.Start, w.End}, s, rule}
				}
			}
		}
	}
	return slices.DeleteFunc(best, func(b Nearest) bool { return b.Similar == 0 })
}

func (s Span) overlaps(o Span) bool { return s.Start < o.End && o.Start < s.End }
