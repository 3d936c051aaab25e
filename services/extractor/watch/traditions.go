package watch

import (
	"slices"
	"strings"

	"tocsin/services/extractor/watch/fold"
)

// What tells two bearers apart differs between the ways in which people are named.

// syllables compares names of a Korean family name and syllables: one more or one less makes another person.
func (v *verdict) syllables(a *alignment, missing, extra *rest, around surroundings) {
	if around.running {
		v.hangul(a)
	}
	switch {
	case !(short(missing) || short(extra) || around.hyphened) || !a.korean():
	case around.hyphened:
		v.against("other syllables", "", 2*otherSyllables)
	default:
		v.against("other syllables", "", otherSyllables)
	}
}

// hangul compares the given syllables of a Korean name in running text: those that no romanisation writes alike are two
// names, as Yong and Jong or Sang and Sung.
func (v *verdict) hangul(a *alignment) {
	if !a.korean() {
		return
	}
	for i := range a.pairs[:a.n] {
		p := &a.pairs[i]
		if p.listed.word == p.met.word || p.rule == ruleInitial || p.listed.koreanFamily() || hangulOf(p.listed.word) == hangulOf(p.met.word) {
			continue
		}
		v.contradicted = true
		v.against("other syllables", p.met.word, otherCharacter)
		return
	}
}

// hangulOf folds what romanisations of Korean spell in several ways into one: k and g, t and d, p and b, ch and j, r and l;
// o, u, eo, oo and eu; e, ae and oe.
func hangulOf(word string) string { return hangulFolds.Replace(word) }

var hangulFolds = strings.NewReplacer("eo", "o", "eu", "o", "oo", "o", "ou", "o", "uu", "o", "ee", "i", "ie", "i", "ae", "e", "ai", "e", "ay", "e", "oe", "e", "ng", "ng",
	"sh", "s", "ch", "j", "tch", "j", "kk", "k", "tt", "t", "pp", "p", "ss", "s", "u", "o", "y", "y", "g", "k", "d", "t", "b", "p", "r", "l", "ah", "a", "uh", "o")

// short says whether a rest holds a part of one syllable.
func short(r *rest) bool {
	for _, i := range r.at() {
		if p := &r.parts[i]; !p.initial && len(p.word) <= longestSyllable {
			return true
		}
	}
	return false
}

// koreanFamily says whether a listed part may be a Korean family name.
func (p *piece) koreanFamily() bool { return p.role != roleGiven && koreanFamilies[p.word] }

// korean says whether the parts that agree are a Korean family name and syllables.
func (a *alignment) korean() bool {
	family := false
	for _, p := range a.pairs[:a.n] {
		if len(p.listed.word) > longestSyllable || p.listed.abjad {
			return false
		}
		family = family || p.listed.koreanFamily()
	}
	return family && a.n > 1
}

// characters compares the given parts of Chinese names in Pinyin, where every letter tells: Zhiqing is not Zhigang. Other
// romanisations, and family names, of which there are few, are left to the distance of sounds.
func (v *verdict) characters(a *alignment) {
	for i := range a.pairs[:a.n] {
		p := &a.pairs[i]
		family := p.listed.role == roleFamily || p.listed.role == roleUnknown && p.listed.mask == a.listed.base[0].mask
		if family && chineseFamilies[p.listed.word] || p.rule == ruleInitial || p.listed.abjad || p.met.abjad || p.listed.word == p.met.word {
			continue
		}
		if a.listed.chinese() && fold.IsPinyin(p.met.word) {
			v.contradicted = true
			v.against("other characters", p.met.word, otherCharacter)
			return
		}
	}
}

// chinese says whether every part of a name is Pinyin and one a family name of China.
func (n *listedName) chinese() bool {
	if len(n.base) < 2 || !slices.ContainsFunc(n.base, func(p piece) bool { return chineseFamilies[p.word] }) {
		return false
	}
	return !slices.ContainsFunc(n.base, func(p piece) bool { return !fold.IsPinyin(p.word) })
}

// kunya judges "father of": with one name it is borne by very many (Abu Omar), and the father of one is not the father of
// another: Abu Musab al-Zarqawi is not Abu Zarqawi.
func (v *verdict) kunya(a *alignment) {
	v.fatherless(a)
	for i := range a.pairs[:a.n] {
		p := &a.pairs[i]
		if len(p.met.word) > longestSyllable || !kunyas[p.met.word] || !kunyas[p.listed.word] {
			continue
		}
		if a.n == 2 {
			v.against("father of, and one name", p.met.word, loneKunya)
		}
		child, met := a.listed.childOf(p.listed), a.mention.after(p.met)
		if child != nil && met != nil && !a.met(child.mask, met.mask) {
			v.contradicted = true
			v.against("father of another", met.word, otherKunya)
		}
		return
	}
}

// fatherless counts a listed "father of" that the mention leaves out before the same name: Waheed is not Abu Waheed.
func (v *verdict) fatherless(a *alignment) {
	for i := range a.listed.base {
		p := &a.listed.base[i]
		if a.have&p.mask != 0 || len(p.word) > longestSyllable || !kunyas[p.word] {
			continue
		}
		if child := a.listed.after(p); child != nil && a.have&child.mask != 0 {
			v.against("father of", p.word, otherKunya/2)
		}
		return
	}
}

// childOf is the part that a "father of" of a listed name speaks of: the one behind it, else the family name in front.
func (n *listedName) childOf(father *piece) *piece {
	if child := n.after(father); child != nil {
		return child
	}
	if n.base[0].mask == father.mask {
		return nil
	}
	return &n.base[0]
}

// after is the part behind another, or nil.
func (n *listedName) after(p *piece) *piece {
	for i := range n.base {
		if n.base[i].mask == p.mask<<1 {
			return &n.base[i]
		}
	}
	return nil
}

// met says whether a pair covers both.
func (a *alignment) met(listed, met uint32) bool {
	for i := range a.pairs[:a.n] {
		if a.pairs[i].listed.mask&listed != 0 && a.pairs[i].met.mask&met != 0 {
			return true
		}
	}
	return false
}

// firstFamily asks for the first of two family names, by which people are called: who is listed as Guerrero Castillo is
// not Pedro Castillo.
func (v *verdict) firstFamily(a *alignment) {
	var first *piece
	for i := range a.listed.base {
		p := &a.listed.base[i]
		switch {
		case p.role != roleFamily:
		case first == nil:
			if (a.have|v.alike)&p.mask != 0 {
				return
			}
			first = p
		case a.have&p.mask != 0:
			v.against("first family name left out", first.word, noFirstFamily)
			return
		}
	}
}

// lineage compares who is whose son: "A bin B" is not "B bin A".
func (v *verdict) lineage(a *alignment) {
	for _, p := range a.pairs[:a.n] {
		if !p.listed.fathered || p.met.fathered {
			continue
		}
		for _, q := range a.pairs[:a.n] {
			if q.met.fathered && !q.listed.fathered && q.listed.mask < p.listed.mask && q.met.mask > p.met.mask {
				v.contradicted = true
				v.against("father and son exchanged", q.met.word, contradiction)
				return
			}
		}
	}
}
