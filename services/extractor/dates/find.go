package dates

import "time"

// Find returns the temporal expressions of text in order of Start, non-overlapping. ref is the publication time in
// the zone of the article (its wall-clock fields are what counts); the zero time means that it is not known, and
// then partial and relative mentions keep a value without an interval. Find never fails: what cannot be read is
// simply not a mention. Safe for concurrent use.
func Find(text string, ref time.Time, o Options) []Mention {
	lex := lexiconOf(o.Lang)
	r := reader{text: text, tokens: scan(text, lex), lex: lex}
	r.shout = r.shouts()
	all := r.readAll()
	ms := make([]Mention, len(all))
	for i := range all {
		f := &all[i]
		f.partial.mode = o.Mode
		ms[i] = Mention{Start: int(r.tokens[f.from].start), End: int(r.tokens[f.to-1].end), partial: f.partial}
	}
	return Resolve(ms, ref)
}

// Resolve resolves mentions of one text again, against a better reference, without reading the text. The mentions
// must be those that Find returned, in its order; they are changed in place, and those that mean nothing under the
// new reference are left out of what is returned.
func Resolve(ms []Mention, ref time.Time) []Mention {
	s := newResolver(ref)
	ps := make([]*partial, len(ms))
	for i := range ms {
		ps[i] = &ms[i].partial
	}
	if len(ps) > 0 {
		s.mode = s.chooseMode(ps, ps[0].mode)
	}
	s.weighOrder(ps)
	s.begin(ps)
	kept := ms[:0]
	for i := range ms {
		if m := ms[i]; m.resolve(s) {
			kept = append(kept, m)
		}
	}
	joinRanges(kept)
	return kept
}

// resolve fills what depends on the reference; false means that the mention means nothing.
func (m *Mention) resolve(s *resolver) bool {
	p := &m.partial
	out := s.resolve(p)
	if out.drop {
		return false
	}
	*m = Mention{Start: m.Start, End: m.End, Type: p.typ, Value: out.value, Mod: p.mod, Explicit: p.explicit(),
		Anchor: out.anchor, Zone: p.clock.zone, Precision: precisions[unitNone], partial: *p}
	if out.alt != "" {
		m.Alt = []string{out.alt}
	}
	if iv, ok := out.point.interval(); ok {
		m.From, m.To = iv.From, iv.To
		m.Precision = out.point.precision()
	}
	return true
}

// shouts tells whether most words of the beginning are written in capitals, so that a capital proves nothing.
func (r *reader) shouts() bool {
	words, loud := 0, 0
	for i := 0; i < len(r.tokens) && words < shoutWords; i++ {
		t := &r.tokens[i]
		if t.class < classNumber && t.end-t.start > 3 {
			words++
			if t.has(flagShout) {
				loud++
			}
		}
	}
	return words > 0 && loud*10 > words*9
}

// shoutWords is how many words decide whether a text is written in capitals.
const shoutWords = 200
