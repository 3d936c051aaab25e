package watch

import (
	"fmt"
	"slices"
)

// Explanation is the full sum for one entry in one text, whether it rings or not.
type Explanation struct {
	// Match is the best candidate; its zero value when no two parts of any spelling met words that stand together.
	Match Match
	Rings bool
	// Why is one sentence.
	Why string
}

// explainDepth is how far below its threshold a candidate is still shown, in bits.
const explainDepth = 60.0

// Explain says what entry e would ring at in doc, by the thresholds and competitors of x. The entry need not be in x.
func (x *Index) Explain(e Entry, doc Doc) Explanation {
	e = e.WithIdentity()
	alone, problems := Compile([]Entry{e}, x.options)
	if len(problems) > 0 && len(alone.levels[0].entries.id.at) == 1 {
		return Explanation{Why: problems[0].Sentence}
	}
	if x.distinct[e.List] > 0 {
		alone.distinct = x.distinct
	}
	rang, near := alone.search(doc, explainDepth)
	found := append(rang, near...)
	if len(found) == 0 {
		return Explanation{Why: "no spelling meets words that stand together in the text"}
	}
	out := Explanation{Match: found[0], Rings: len(rang) > 0}
	m := &out.Match
	switch {
	case m.Bits < m.Threshold:
		out.Why = fmt.Sprintf("the evidence of %.1f bits is below the threshold of %.1f", m.Bits, m.Threshold)
	case !out.Rings:
		out.Why = "the entry's policy holds it back, or a weak or lone name lacks support from the context"
	default:
		out.Why = x.whyRings(&out, doc)
	}
	return out
}

// whyRings tells an entry that rings from one that another entry of its list outbids.
func (x *Index) whyRings(out *Explanation, doc Doc) string {
	m := out.Match
	for _, o := range x.Find(doc) {
		same := o.List == m.List && o.Entry == m.Entry
		if !same && o.List == m.List && o.Bits > m.Bits+tiedBits && slices.ContainsFunc(o.Mentions, m.Best.overlaps) {
			out.Rings = false
			return fmt.Sprintf("entry %s explains the same words better, with %.1f bits against %.1f", o.Entry, o.Bits, m.Bits)
		}
	}
	why := fmt.Sprintf("the evidence of %.1f bits reaches the threshold of %.1f", m.Bits, m.Threshold)
	if earned := tier(m.Bits - m.Threshold); earned != m.Tier {
		why += fmt.Sprintf("; it would ring as %s, but the entry's policy lets it ring as %s at most", earned, m.Tier)
	}
	return why
}

func (s Span) overlaps(o Span) bool { return s.Start < o.End && o.Start < s.End }
