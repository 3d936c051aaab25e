package watch

import (
	"math/bits"

	"tocsin/services/extractor/watch/fold"
)

// candidate is a watched name laid over words of the text, judged without context.
type candidate struct {
	slot        int
	entry, name uint32
	// first and last are words of the text; start and end bytes.
	first, last int32
	span        Span
	verdict     verdict
	parts       []Part
	exact       bool
	// alone: no other word that may be a name stands beside the mention.
	alone bool
	// lex are the matched words, for finding the same mention elsewhere.
	lex []int32
	// words is a hash of lex.
	words uint64
	// family is the word that a lone family name elsewhere would repeat.
	family int32
	kind   kindByte
	// bits and context are filled in when the candidate is judged in its text.
	bits    float64
	context []Reason
	// phrase: an organisation or a dense spelling; source is the listed spelling then.
	phrase bool
	source string
}

// verify lays name n over the run around the anchored words and keeps it as a candidate when it is worth it.
func (s *session) verify(r *run, slot int, n uint32, anchor uint32) {
	l := s.x.levels[slot]
	var name listedName
	name, s.w.pieces = l.listedName(n, s.w.pieces)
	reach := len(name.base) + 1
	lo := max(0, bits.TrailingZeros32(anchor)-reach)
	hi := min(len(r.units)-1, 31-bits.LeadingZeros32(anchor)+reach)
	mention := s.mention(r, lo, hi)
	var a alignment
	a, s.w.options = align(&name, mention, s.w.options)
	if a.n == 0 {
		return
	}
	v, at := s.lay(r, &a, 0)
	if b := a; b.trim() {
		if w, where := s.lay(r, &b, 0); w.bits > v.bits {
			a, v, at = b, w, where
		}
	}
	if v.hindered && v.bits >= s.need-knownWithin {
		if known := s.known(r, l, n, &a, at); known != 0 {
			if w, where := s.lay(r, &a, known); w.bits > v.bits {
				v, at = w, where
			}
		}
	}
	if v.bits < s.need || at.alone && v.bits < s.needs(slot, s.x.levels[slot].names.entry[n]) {
		return
	}
	s.keep(r, slot, n, &a, v, at)
}

// extent is where in its run a mention lies; alone says that no other name word stands beside it.
type extent struct {
	first, last int
	alone       bool
}

// lay judges an alignment in its run. Known has the bits of words that another spelling of the entry explains.
func (s *session) lay(r *run, a *alignment, known uint32) (verdict, extent) {
	at := extent{first: bits.TrailingZeros32(a.used), last: 31 - bits.LeadingZeros32(a.used)}
	if at.first > 0 && known>>(at.first-1)&1 != 0 {
		at.first--
	}
	if known>>(at.last+1)&1 != 0 {
		at.last++
	}
	inside := (uint32(1)<<(at.last+1) - uint32(1)<<at.first) &^ known
	var around surroundings
	around, at.alone = s.around(r, at.first, at.last)
	around.known = bits.OnesCount32(known)
	v := weighInto(verdict{wordless: true}, a, inside, around)
	if v.bits < s.need {
		return v, at
	}
	return weigh(a, inside, around), at
}

// mention gives the units lo to hi of a run for comparing.
func (s *session) mention(r *run, lo, hi int) *listedName {
	m := &s.scratch
	m.base, m.joins = m.base[:0], m.joins[:0]
	within := uint32(1)<<(hi+1) - uint32(1)<<lo
	for i := lo; i <= hi; i++ {
		u := &r.units[i]
		x := &s.w.lex[u.lex]
		p := x.piece
		p.mask, p.fathered = u.mask, r.fathered[i]
		m.base = append(m.base, p)
		for _, q := range x.other {
			q.mask = u.mask
			m.joins = append(m.joins, q)
		}
	}
	for i := range r.joins {
		if u := &r.joins[i]; u.mask&^within == 0 {
			p := s.w.lex[u.lex].piece
			p.mask = u.mask
			m.joins = append(m.joins, p)
		}
	}
	return m
}

// trim drops pairs at an end that two or more unexplained words part from the others: they may belong to another name.
func (a *alignment) trim() (changed bool) {
	for a.n > 1 {
		first, last := bits.TrailingZeros32(a.used), 31-bits.LeadingZeros32(a.used)
		drop := -1
		if gapAfter(a.used, first) >= 2 {
			drop = a.pairAt(first)
		} else if gapBefore(a.used, last) >= 2 {
			drop = a.pairAt(last)
		}
		if drop < 0 {
			return changed
		}
		changed = true
		a.have &^= a.pairs[drop].listed.mask
		a.used &^= a.pairs[drop].met.mask
		a.n--
		a.pairs[drop] = a.pairs[a.n]
	}
	return changed
}

func (a *alignment) pairAt(word int) int {
	for i, p := range a.pairs[:a.n] {
		if p.met.mask>>word&1 != 0 {
			return i
		}
	}
	return -1
}

// gapAfter counts the unused words between the first block of used words and the next one.
func gapAfter(used uint32, first int) int {
	rest := used >> first
	block := bits.TrailingZeros32(^rest)
	if rest>>block == 0 {
		return 0
	}
	if block > 1 {
		return 0
	}
	return bits.TrailingZeros32(rest >> block)
}

// gapBefore counts the unused words before a last used word that stands alone.
func gapBefore(used uint32, last int) int { return gapAfter(bits.Reverse32(used), 31-last) }

// around finds the words beside the matched ones that may carry the name on. Places, nationalities and ordinary words
// do not.
func (s *session) around(r *run, first, last int) (surroundings, bool) {
	out := surroundings{running: true}
	if first > 0 && (r.hyphened[first] || !s.opensSentence(&r.units[first-1])) {
		out.before = s.carriesOn(&r.units[first-1], &r.units[first])
		out.tied = r.hyphened[first] && out.before != nil
	}
	if last+1 < len(r.units) {
		out.after = s.carriesOn(&r.units[last+1], &r.units[last])
		out.hyphened = r.hyphened[last+1] && out.after != nil
	}
	if r.suffix != "" && last == len(r.units)-1 {
		out.suffix = r.suffix
	}
	return out, out.before == nil && out.after == nil
}

// opensSentence says whether a word is the first of its sentence, which is capitalised whatever it is.
func (s *session) opensSentence(u *unit) bool {
	return s.w.words[u.first].Has(fold.Break) || u.first > 0 && s.w.words[u.first-1].Has(fold.Dotted)
}

func (s *session) carriesOn(u, name *unit) *piece {
	x := &s.w.lex[u.lex]
	if s.acronymBeside(int(u.first), int(name.first)) {
		return nil
	}
	if x.country != 0 || x.piece.initial || x.is(isOrdinary|isJob|isKinship|isHonorific) {
		return nil
	}
	return &x.piece
}

// keep records a candidate.
func (s *session) keep(r *run, slot int, n uint32, a *alignment, v verdict, at extent) {
	first, last := at.first, at.last
	l := s.x.levels[slot]
	c := candidate{
		slot: slot, entry: l.names.entry[n], name: n, first: r.units[first].first, last: r.units[last].last,
		verdict: v, parts: a.parts(), kind: l.names.kind[n], alone: at.alone,
		exact: a.exact() && v.n == 0,
	}
	c.family = familyWord(r, a, last)
	c.span = Span{s.w.words[c.first].Start, s.w.words[c.last].End}
	for i := first; i <= last; i++ {
		c.lex = append(c.lex, r.units[i].lex)
	}
	for i := range c.parts {
		c.parts[i].Word = s.surface(a.pairs[i].met, r)
	}
	s.found = append(s.found, c)
}

// familyWord is the word that met the family name where the list tells it, else the last one.
func familyWord(r *run, a *alignment, last int) int32 {
	for _, p := range a.pairs[:a.n] {
		if p.listed.role == roleFamily {
			return r.units[31-bits.LeadingZeros32(p.met.mask)].lex
		}
	}
	return r.units[last].lex
}

// surface is the text that a part of a mention covers.
func (s *session) surface(p *piece, r *run) string {
	lo, hi := bits.TrailingZeros32(p.mask), 31-bits.LeadingZeros32(p.mask)
	return s.doc.Text[s.w.words[r.units[lo].first].Start:s.w.words[r.units[hi].last].End]
}

// exact says whether every part was met by the same letters.
func (a *alignment) exact() bool {
	for _, p := range a.pairs[:a.n] {
		if p.rule != ruleSame || p.similar < 1 {
			return false
		}
	}
	return true
}
