package crf

// Feature templates. Every feature is a template number mixed with what it looks at.
const (
	tBias = 7

	tLower  = 10 // the word in lower case, by offset
	tExact  = 15
	tShape  = 20
	tShort  = 21 // short shape, by offset
	tShort2 = 26 // shapes of neighbours together
	tShort3 = 28
	tShout  = 29 // whether the sentence is in capitals, and shape
	tFirst  = 30

	tAffix = 31 // a neighbour's prefix and suffix of three

	tPair = 40 // words and shapes of neighbours together, 40 to 48
	tNear = 50 // words up to four tokens before, after

	tName = 80 // entries of name lists, by offset

	tUse      = 90 // how else the document writes the word
	tUseLeft  = 91
	tUseRight = 92

	tClass     = 120 // word classes, by offset
	tClassPair = 130
)

// offsets are the places of the neighbours that have features of their own, with the templates for them.
var offsets = [5]struct{ lower, short, class, affix, near uint64 }{
	{lower: 13, short: 24, class: 122, near: tNear},
	{lower: 11, short: 22, class: 123, affix: tAffix, near: tNear},
	{},
	{lower: 12, short: 23, class: 124, affix: tAffix + 1, near: tNear + 1},
	{lower: 14, short: 25, class: 125, near: tNear + 1},
}

// here is the position of the word itself in offsets.
const here = 2

// ownKeys appends the features that a word has by itself.
func (f *form) ownKeys(dst []uint32) []uint32 {
	dst = append(dst, key(tBias, 0), key(tLower, f.lower), key(tExact, f.exact), key(tShape, f.shape), key(tShort, f.short))
	for _, a := range f.affix[:f.affixes] {
		dst = append(dst, key(a, 1))
	}
	for set, c := range f.class {
		if c != 0 {
			v := classValue(set, c)
			dst = append(dst, key(tClass, v), key(tClass+1, mix(v, f.short)))
		}
	}
	return dst
}

func classValue(set int, c uint16) uint64 { return uint64(set+1)<<16 | uint64(c) }

// sideKeys appends the features that a word gives to the token at distance offset-here before it.
func (f *form) sideKeys(dst []uint32, offset int) []uint32 {
	o := &offsets[offset]
	dst = append(dst, key(o.lower, f.lower), key(o.short, f.short))
	for set, c := range f.class {
		if c != 0 {
			dst = append(dst, key(o.class, classValue(set, c)))
		}
	}
	if o.affix != 0 && f.affixes > suffix3 {
		dst = append(dst, key(o.affix, f.affix[prefix3]), key(o.affix, f.affix[suffix3]))
	}
	if f.lower != borderLeft && f.lower != borderRight {
		dst = append(dst, key(o.near, f.lower))
	}
	return dst
}

// nearKey is the feature a word gives to tokens three or four places away; side is 0 when it stands before them.
func (f *form) nearKey(side uint64) uint32 { return key(tNear+side, f.lower) }

// Words that stand for what lies beyond a sentence.
const (
	borderLeft  = 1
	borderRight = 2
)

func borderForm(h uint64) form { return form{exact: h, lower: h, shape: h, short: h} }

// pairKeys appends the features that look at several words at once, of a token w with neighbours l2, l1, r1, r2.
func pairKeys(dst []uint32, l2, l1, w, r1, r2 *form) []uint32 {
	dst = append(dst,
		key(tShort2, mix(l1.short, w.short)),
		key(tShort2+1, mix(w.short, r1.short)),
		key(tShort3, mix(l1.short, mix(w.short, r1.short))),
		key(tPair, mix(l1.lower, w.lower)),
		key(tPair+1, mix(w.lower, r1.lower)),
		key(tPair+2, mix(l1.lower, w.short)),
		key(tPair+3, mix(w.short, r1.lower)),
		key(tPair+4, mix(l1.lower, mix(w.short, r1.lower))),
		key(tPair+5, mix(l1.short, w.lower)),
		key(tPair+6, mix(w.lower, r1.short)),
		key(tPair+7, mix(l2.lower, l1.lower)),
		key(tPair+8, mix(r1.lower, r2.lower)))
	for set, c := range w.class {
		if c == 0 {
			continue
		}
		v := classValue(set, c)
		if l := l1.class[set]; l != 0 {
			dst = append(dst, key(tClassPair, mix(v, classValue(set, l))))
		}
		if r := r1.class[set]; r != 0 {
			dst = append(dst, key(tClassPair+1, mix(v, classValue(set, r))))
		}
	}
	return dst
}

// nameKey is the feature of a token at distance offset-here from one that stands at place (0 alone, 1 first, 2 inside,
// 3 last) in an entry of a name list.
func nameKey(offset, place, list int) uint32 {
	return key(tName+uint64(offset), uint64(place*ListCount+list))
}
