package watch

import (
	"strings"

	"tocsin/services/extractor/watch/sound"
)

// vocab is every distinct part of the watched names of a level, in flat arrays: millions of small objects would cost
// more than the names themselves.
type vocab struct {
	words  string
	wordAt []uint32
	codes  []byte
	codeAt []uint32
	sig    []uint16
	kin    []uint16
	rival  []uint16
	weight []uint16
	// bits is rarity in eighths.
	bits  []uint8
	abjad []bool
	// honour marks titles that are also names.
	honour []bool
	// common marks parts of so many names that only pairs of them are filed.
	common []bool
}

const eighths = 8

func (v *vocab) size() int { return len(v.sig) }

func (v *vocab) word(t uint32) string { return v.words[v.wordAt[t]:v.wordAt[t+1]] }

func (v *vocab) code(t uint32) sound.Code { return sound.Code(v.codes[v.codeAt[t]:v.codeAt[t+1]]) }

func (v *vocab) rarity(t uint32) float64 { return float64(v.bits[t]) / eighths }

// piece gives part t for comparing.
func (v *vocab) piece(t uint32) piece {
	w := v.word(t)
	return piece{
		word: w, code: v.code(t), sig: v.sig[t], kin: v.kin[t], rival: v.rival[t], weight: int(v.weight[t]), bits: v.rarity(t), abjad: v.abjad[t], initial: isInitial(w), honour: v.honour[t],
	}
}

// vocabBuilder numbers parts as they come.
type vocabBuilder struct {
	ids   map[string]uint32
	words []string
	abjad []bool
	uses  []uint32
}

// abjadMark keeps parts from scripts without vowels apart from Latin ones spelled the same.
const abjadMark = "\x00"

// id numbers a part and counts one more name that uses it.
func (b *vocabBuilder) id(word string, abjad bool) uint32 {
	key := word
	if abjad {
		key = abjadMark + word
	}
	t, ok := b.ids[key]
	if !ok {
		t = uint32(len(b.words)) //nolint:gosec // below mostParts
		b.ids[key] = t
		b.words = append(b.words, word)
		b.abjad = append(b.abjad, abjad)
		b.uses = append(b.uses, 0)
	}
	b.uses[t]++
	return t
}

// commonFrom is the number of names from which a part counts as common.
const commonFrom = 48

func (b *vocabBuilder) build() vocab {
	n := len(b.words)
	v := vocab{
		wordAt: make([]uint32, n+1), codeAt: make([]uint32, n+1), sig: make([]uint16, n), kin: make([]uint16, n),
		rival: make([]uint16, n), weight: make([]uint16, n),
		bits: make([]uint8, n), abjad: b.abjad, common: make([]bool, n), honour: make([]bool, n),
	}
	var words strings.Builder
	var code sound.Code
	for i, w := range b.words {
		words.WriteString(w)
		v.wordAt[i+1] = uint32(words.Len()) //nolint:gosec // bounded by the list
		code = sound.Encode(code[:0], w)
		v.codes = append(v.codes, code...)
		v.codeAt[i+1] = uint32(len(v.codes)) //nolint:gosec // bounded by the list
		v.sig[i] = sound.Signature(code)
		v.kin[i] = kinOf(w)
		v.honour[i] = honorifics[w]
		v.rival[i] = rivalWords[w]
		v.weight[i] = uint16(sound.Weight(code)) //nolint:gosec // at most 2800
		v.bits[i] = uint8(rarityOf(w, code, b.abjad[i]) * eighths)
		v.common[i] = b.uses[i] > commonFrom
	}
	v.words = words.String()
	return v
}
