package watch

import (
	"slices"

	"tocsin/services/extractor/watch/fold"
)

// Bounds of "Family, Given" in running text, in words that may be names.
const (
	mostFamily = 2
	mostGiven  = 3
)

// inverted also reads a run together with the one before the comma in front of it, as "Family, Given". Such a reading
// must explain every word on both sides, and stand apart from lists of names.
func (s *session) inverted(r *run) {
	family := &s.w.family
	given := len(r.units) <= mostGiven && len(family.units) > 0 && r.units[0].first == family.units[len(family.units)-1].last+1 &&
		s.w.words[r.units[0].first].Flags&(fold.Comma|fold.Break) == fold.Comma && !s.listGoesOn(int(r.units[len(r.units)-1].last)+1)
	if given {
		s.layInverted(family, r)
	}
	family.reset()
	if first := s.w.words[r.units[0].first]; len(r.units) <= mostFamily && (!first.Has(fold.Comma) || first.Has(fold.Break)) {
		family.append(r)
	}
}

// listGoesOn says whether word i begins the next item of a list.
func (s *session) listGoesOn(i int) bool {
	return i < len(s.w.words) && s.w.words[i].Flags&(fold.Comma|fold.Break|fold.Capital) == fold.Comma|fold.Capital
}

// layInverted searches family and given names as one run, and keeps what covers both whole.
func (s *session) layInverted(family, given *run) {
	both := &s.w.both
	both.reset()
	both.append(family)
	both.append(given)
	both.suffix, both.inverted = given.suffix, true
	before := len(s.found)
	s.window(both)
	first, last := both.units[0].first, both.units[len(both.units)-1].last
	kept := slices.DeleteFunc(s.found[before:], func(c candidate) bool {
		return c.first != first || c.last != last || c.verdict.contradicted || c.verdict.missing > 0 || len(c.parts) < 2 || !c.plain()
	})
	s.found = s.found[:before+len(kept)]
}

// plain says whether nothing but the order of the parts speaks against a candidate.
func (c *candidate) plain() bool {
	for _, r := range c.verdict.reasons[:c.verdict.n] {
		if r.Rule != orderRule {
			return false
		}
	}
	return true
}

// append puts the units of another run behind those of r.
func (r *run) append(o *run) {
	r.units = append(r.units, o.units...)
	r.leads = append(r.leads, o.leads...)
	r.hyphened = append(r.hyphened, o.hyphened...)
	r.fathered = append(r.fathered, o.fathered...)
}
