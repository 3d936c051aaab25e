package watch

import "math/bits"

// propose finds the names of one level that a run may hold and verifies each.
//
// A name is found when two of its parts are hit by different words: through the postings of a rare part, or through
// the pair index when both are common. The dearest word need not be followed, as the other word leads to the same
// names, unless a common part is involved.
func (s *session) propose(r *run, slot int) {
	p := proposal{s: s, r: r, slot: slot, desk: s.w.desks[slot], bare: s.x.lowest[slot] - s.slack}
	p.need = p.bare
	if p.desk.level.detailed {
		p.need = s.need
	}
	if !p.mark() {
		return
	}
	dear := p.dearest()
	for i := range p.n {
		p.solo(i)
		if dear < 0 || p.unit(i).mask>>dear&1 == 0 {
			p.rare(i)
		}
		if p.lists[i].common {
			p.commonPairs(i)
		}
	}
}

// mostUnits bounds the words and joined words of a run.
const mostUnits = 3 * longestRun

// proposal is the search of one run in one level.
type proposal struct {
	s     *session
	r     *run
	slot  int
	desk  *desk
	epoch uint32
	n     int
	lists [mostUnits]*hitList
	hits  [mostUnits][]hit
	// best is, by word, the most evidence that anything covering it gives; total their sum.
	best     [longestRun]float32
	total    float32
	initials bool
	// need is the least evidence that any name of the level is looked for at, bare that of a name of a bare entry.
	need, bare float64
}

// short says whether evidence is too little for a filed name.
func (p *proposal) short(f filedName, evidence float64) bool {
	if f&bareName != 0 {
		return evidence < p.bare
	}
	return evidence < p.need
}

func (p *proposal) unit(i int) *unit {
	if i < len(p.r.units) {
		return &p.r.units[i]
	}
	return &p.r.joins[i-len(p.r.units)]
}

// mark stamps every part that is hit. It reports whether anything can be found at all.
func (p *proposal) mark() bool {
	p.n = min(len(p.r.units)+len(p.r.joins), mostUnits)
	var covered uint32
	for i := range p.n {
		h := p.s.w.hits(p.unit(i).lex, p.slot)
		p.lists[i] = h
		if h.n == 0 {
			continue
		}
		covered |= p.unit(i).mask
		for m := p.unit(i).mask; m != 0; m &= m - 1 {
			w := bits.TrailingZeros32(m)
			p.best[w] = max(p.best[w], p.desk.found[h.from].worth)
		}
	}
	if covered == 0 {
		return false
	}
	for i := range p.r.units {
		p.total += p.best[i]
		p.initials = p.initials || p.s.w.lex[p.r.units[i].lex].piece.initial
	}
	if float64(p.total)+initialBits < p.need {
		return false
	}
	d := p.desk
	p.epoch = d.next()
	for i := range p.n {
		p.hits[i] = d.hits(p.lists[i])
		for _, h := range p.hits[i] {
			if d.stamp[h.part] != p.epoch || h.worth > d.worth[h.part] {
				d.stamp[h.part], d.unit[h.part], d.worth[h.part] = p.epoch, uint8(i), h.worth //nolint:gosec // below mostUnits
			}
		}
	}
	return true
}

// dearest is the word whose postings need not be followed, or -1.
func (p *proposal) dearest() int {
	if p.initials {
		return -1
	}
	var cost [longestRun]int32
	withCommon := uint32(0)
	for i := range p.n {
		for m := p.unit(i).mask; m != 0; m &= m - 1 {
			w := bits.TrailingZeros32(m)
			cost[w] += p.lists[i].dear
			if p.lists[i].common {
				withCommon |= 1 << w
			}
		}
	}
	dear := 0
	for i := range p.r.units {
		if cost[i] > cost[dear] {
			dear = i
		}
	}
	if withCommon&^(1<<dear) != 0 {
		return -1
	}
	return dear
}

// within is the evidence that the words outside of mask could still add.
func (p *proposal) within(mask uint32) float64 {
	rest := p.total
	for m := mask; m != 0; m &= m - 1 {
		rest -= p.best[bits.TrailingZeros32(m)]
	}
	if p.initials {
		rest += initialBits
	}
	return float64(rest)
}

// rare follows the postings of the rare parts that unit i hits.
func (p *proposal) rare(i int) {
	d := p.desk
	posts := &d.level.posts
	rest := p.within(p.unit(i).mask)
	for _, h := range p.hits[i] {
		if float64(h.worth)+rest < p.need {
			return
		}
		if d.level.vocab.common[h.part] {
			continue
		}
		for _, e := range posts.of(h.part) {
			sum, met := h.worth, p.initials
			if e.a != none && d.stamp[e.a] == p.epoch {
				sum, met = sum+max(0, d.worth[e.a]), true
			}
			if e.b != none && d.stamp[e.b] == p.epoch {
				sum, met = sum+max(0, d.worth[e.b]), true
			}
			if met && (e.name&moreParts != 0 || !p.short(e.name, float64(sum)+initialBits)) {
				p.try(e.name.name())
			}
		}
	}
}

// commonPairs looks up pairs of common parts, unit i with each later one.
func (p *proposal) commonPairs(i int) {
	l := p.desk.level
	for j := i + 1; j < p.n; j++ {
		u, v := p.unit(i), p.unit(j)
		if !p.lists[j].common || u.mask&v.mask != 0 || v.first-u.last > 8 || u.first-v.last > 8 {
			continue
		}
		rest := p.within(u.mask | v.mask)
		for _, h := range p.hits[i] {
			if float64(h.worth)+rest+mostPartBits < p.need {
				break
			}
			if !l.vocab.common[h.part] {
				continue
			}
			for _, g := range p.hits[j] {
				if float64(h.worth+g.worth)+rest < p.need {
					break
				}
				if l.vocab.common[g.part] {
					for _, n := range l.posts.pairs.of(h.part, g.part) {
						if n&moreParts != 0 || !p.short(n, float64(h.worth+g.worth)+initialBits) {
							p.try(n.name())
						}
					}
				}
			}
		}
	}
}

// solo tries the names of which unit i is the only part.
func (p *proposal) solo(i int) {
	for _, h := range p.hits[i] {
		if float64(h.worth)+initialBits < p.need {
			return
		}
		for _, n := range p.desk.level.posts.soloOf(h.part) {
			p.try(n)
		}
	}
}

// try verifies a name once, when the parts that were hit could be evidence enough.
func (p *proposal) try(n uint32) {
	d := p.desk
	if d.named[n] == p.epoch {
		return
	}
	d.named[n] = p.epoch
	sum, anchor := p.bound(d.level.names.of(n))
	if anchor < 0 || sum+initialBits < p.s.needs(p.slot, d.level.names.entry[n]) {
		return
	}
	p.s.verify(p.r, p.slot, n, p.unit(anchor).mask)
}

// bound is the most that the parts hit in this run could come to, and the unit of the strongest. A name of which only
// the family or only the given part was hit loses what weigh will take for it.
func (p *proposal) bound(parts []namePart) (sum float64, anchor int) {
	d := p.desk
	var listed, met uint8
	anchor = -1
	most := float32(-1)
	for _, q := range parts {
		t := q.part()
		hit := d.stamp[t] == p.epoch
		listed |= 1 << q.role()
		if !hit {
			continue
		}
		met |= 1 << q.role()
		w := d.worth[t]
		if w > most {
			anchor, most = int(d.unit[t]), w
		}
		sum += float64(max(w, 0))
	}
	both := uint8(1<<roleFamily | 1<<roleGiven)
	if listed&both == both && met&both != both && !p.initials {
		sum -= wrongRole
	}
	return sum, anchor
}
