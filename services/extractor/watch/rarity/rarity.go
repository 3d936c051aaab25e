// Package rarity says how much it means that a name part agrees: the rarer the part and its spelling family among
// people, the more bits. It also knows which words are ordinary words rather than names. The figures are compiled in
// from openly licensed name counts and texts; no watchlist was ever among them.
package rarity

import (
	_ "embed"
	"math"

	"tocsin/services/extractor/watch/sound"
)

// table is written by bench/names/gen/rarity: a big-endian uint32 count n, then n ascending big-endian uint32 hashes
// (see key), then n bytes: the class in the two high bits, thirds of a bit of rarity below.
//
//go:embed rarity.bin
var table string

// Most is the rarity of a part nobody was seen to carry.
const Most = 18.0

// Class says whether a word is an ordinary word of running text.
type Class uint8

// Classes of words, by how often English text writes them in lower case.
const (
	Unknown  Class = iota // not seen in lower case often enough to say
	Mixed                 // both: Brown, Bush, Rice
	Ordinary              // hardly ever a name: said, government
)

// Namespaces of the table.
const (
	spaceLatin = 'l'
	spaceAbjad = 'a'
	spaceFrame = 'f'
)

// unseen is added to the rarity of a sound frame for a word that itself was never counted.
const unseen = 2.5

// Bits is minus the binary logarithm of the share of name parts that would be taken for this one, at most Most. The
// word is lower-case Latin; abjad says that it was romanised from a script without short vowels.
func Bits(word string, code sound.Code, abjad bool) float64 {
	space := byte(spaceLatin)
	if abjad {
		space = spaceAbjad
	}
	if v, ok := look(key(space, word)); ok && v&valueMask > 0 {
		return min(float64(v&valueMask)/perBit, ceiling(code))
	}
	bits := Most
	if v, ok := look(key(spaceFrame, sound.Frame(code))); ok {
		bits = float64(v&valueMask)/perBit + unseen
	}
	return min(bits, Most, ceiling(code))
}

// ceiling keeps short words from looking rare: there are only so many of them.
func ceiling(code sound.Code) float64 {
	return 2 + float64(sound.Weight(code))/100*4
}

// ClassOf says whether a lower-case Latin word is an ordinary word.
func ClassOf(word string) Class {
	v, _ := look(key(spaceLatin, word))
	return Class(v >> classShift)
}

const (
	perBit     = 3
	classShift = 6
	valueMask  = 1<<classShift - 1
)

// Pack is the byte that stands for a class and a rarity in the table, for the generator.
func Pack(c Class, bits float64) byte {
	return byte(c)<<classShift | byte(math.Round(min(max(bits, 0), Most)*perBit))
}

// KeyLatin is the hash that the table is sorted by for a Latin word; the generator needs it, and the two below.
func KeyLatin(word string) uint32 { return key(spaceLatin, word) }

// KeyAbjad is the hash of a word romanised from a script without short vowels.
func KeyAbjad(word string) uint32 { return key(spaceAbjad, word) }

// KeyFrame is the hash of a sound.Frame.
func KeyFrame(frame string) uint32 { return key(spaceFrame, frame) }

func key(space byte, word string) uint32 {
	h := uint64(14695981039346656037)
	h = (h ^ uint64(space)) * 1099511628211
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * 1099511628211
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return uint32(h >> 32) //nolint:gosec // the high half of the hash
}

func word32(at int) uint32 {
	return uint32(table[at])<<24 | uint32(table[at+1])<<16 | uint32(table[at+2])<<8 | uint32(table[at+3])
}

// look finds a hash by interpolation: hashes are spread evenly, so a few steps are enough.
func look(k uint32) (byte, bool) {
	n := int(word32(0))
	lo, hi := 0, n
	for step := 0; lo < hi; step++ {
		mid := (lo + hi) / 2
		if step < 4 {
			guess := int(uint64(k) * uint64(n) >> 32) //nolint:gosec // n is below 2^31
			mid = min(max(guess+[...]int{0, -64, 64, 0}[step], lo), hi-1)
		}
		switch v := word32(4 + 4*mid); {
		case v == k:
			return table[4+4*n+mid], true
		case v < k:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return 0, false
}
