package dates

import "time"

// Find returns the temporal expressions of text in order of Start, non-overlapping. ref is the publication time in
// the zone of the article (its wall-clock fields are what counts); the zero time means that it is not known, and
// then partial and relative mentions keep a value without an interval. Find never fails: what cannot be read is
// simply not a mention. Safe for concurrent use.
func Find(text string, ref time.Time, o Options) []Mention {
	lex := lexiconOf(o.Lang)
	var tokens [smallText]token
	var mentions [smallText / foundEvery]found
	r := reader{text: text, tokens: scan(text, lex, tokens[:]), lex: lex}
	r.shout = r.shouts()
	all := r.readAll(mentions[:0])
	ms := make([]Mention, len(all))
	for i := range all {
		f := &all[i]
		f.partial.mode = o.Mode
		m := &ms[i]
		m.Start, m.End, m.partial = int(r.tokens[f.from].start), int(r.tokens[f.to-1].end), f.partial
		if z := f.clock; z.zoneLen > 0 {
			m.Zone = text[z.zone : int(z.zone)+int(z.zoneLen)]
		}
	}
	return Resolve(ms, ref)
}

// smallText is how many tokens of a text find room on the stack; longer texts take theirs from the heap.
const smallText = 640

// Resolve resolves mentions of one text again, against a better reference, without reading the text. The mentions
// must be those that Find returned, in its order; they are changed in place, and those that mean nothing under the
// new reference are left out of what is returned.
func Resolve(ms []Mention, ref time.Time) []Mention {
	s := newResolver(ref)
	if len(ms) > 0 {
		s.mode = s.chooseMode(ms, ms[0].partial.mode)
	}
	s.weighOrder(ms)
	s.begin(ms)
	kept := 0
	for i := range ms {
		if i > 0 && ms[i-1].partial.joint == jointNext && !ms[i-1].From.IsZero() {
			s.follow(&ms[i].partial, s.prev)
		}
		if !ms[i].resolve(s) {
			continue
		}
		if kept != i {
			ms[kept] = ms[i]
		}
		kept++
	}
	joinRanges(ms[:kept])
	return ms[:kept]
}

// resolve fills what depends on the reference; false means that the mention means nothing.
func (m *Mention) resolve(s *resolver) bool {
	p := &m.partial
	out := s.resolve(p)
	if out.drop {
		return false
	}
	m.Type, m.Value, m.Mod, m.Explicit, m.Anchor = sorts[p.sort], out.value, modifiers[p.mod], p.explicit(), out.anchor
	m.From, m.To, m.Range, m.Alt, m.Precision = time.Time{}, time.Time{}, nil, nil, precisions[unitNone]
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
const shoutWords = 60
