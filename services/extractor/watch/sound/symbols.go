// Package sound compares romanised name parts by how they are spoken: letters become phoneme-like symbols, a weighted
// edit distance over symbols measures how far two spellings are apart, and consonant skeletons with alternatives give
// the keys under which spellings of one name meet. It is pure and keeps no state.
package sound

// Max is the most symbols a word is read to; what follows is ignored.
const Max = 28

// The symbols. Zero is never part of a code.
const (
	none byte = iota
	symA
	symE
	symI
	symO
	symU
	symY // y, consonant or glide
	symB
	symP
	symV
	symW
	symF
	symM
	symN
	symL
	symR
	symD
	symT
	symTH
	symDH
	symS
	symZ
	symTS
	symSH
	symZH
	symCH
	symJ
	symG
	symGH
	symK
	symQ
	symKH
	symH
	symX
	symbols
)

// Code is a word as symbols, at most Max of them, no symbol twice in a row.
type Code []byte

func vowel(s byte) bool { return s >= symA && s <= symY }

// spelling is a letter group and the symbol it stands for.
type spelling struct {
	letters string
	symbol  byte
}

// spellings lists, by first letter, the groups to try before the single letter; longer groups stand first. They cover
// English, French, German, Polish and Turkish ways of romanising one sound.
var spellings = [256][]spelling{
	'e': {{"ee", symI}},
	'o': {{"ou", symU}, {"oo", symU}},
	'p': {{"ph", symF}},
	'd': {{"dzh", symJ}, {"dj", symJ}, {"dge", symJ}, {"dgi", symJ}, {"dh", symDH}},
	't': {{"tsch", symCH}, {"tch", symCH}, {"tsh", symCH}, {"th", symTH}, {"ts", symTS}, {"tz", symTS}},
	's': {{"shch", symSH}, {"sch", symSH}, {"sh", symSH}, {"sz", symSH}},
	'z': {{"zh", symZH}},
	'c': {{"ch", symCH}, {"ck", symK}, {"cz", symCH}},
	'g': {{"gh", symGH}},
	'k': {{"kh", symKH}},
}

// singles is the symbol of a letter that no group took.
var singles = [256]byte{
	'a': symA, 'b': symB, 'c': symK, 'd': symD, 'e': symE, 'f': symF, 'g': symG, 'h': symH, 'i': symI, 'j': symJ, 'k': symK,
	'l': symL, 'm': symM, 'n': symN, 'o': symO, 'p': symP, 'q': symQ, 'r': symR, 's': symS, 't': symT, 'u': symU, 'v': symV,
	'w': symW, 'x': symX, 'y': symY, 'z': symZ,
}

// Encode appends the code of a word of lower-case Latin letters to dst. Digits are passed over.
func Encode(dst Code, word string) Code {
	start := len(dst)
	for i := 0; i < len(word) && len(dst)-start < Max; {
		symbol, width := symbolAt(word[i:])
		if i > 1 && i == len(word)-1 && word[i-2:] == "vic" { // Milosevic
			symbol = symCH
		}
		if i == 0 && len(word) > 2 && word[:2] == "hs" { // Wade-Giles
			symbol, width = symSH, 2
		}
		i += width
		if symbol == symX && i > 1 && !pinyinX(word[i:]) && len(dst)-start < Max-1 {
			dst = append(dst, symK)
			symbol = symS
		}
		if symbol == none || len(dst) > start && dst[len(dst)-1] == symbol {
			continue
		}
		dst = append(dst, symbol)
	}
	return dst
}

// pinyinX says whether an x before rest is the Chinese sound rather than ks.
func pinyinX(rest string) bool {
	for _, p := range []string{"ia", "in", "io", "ue", "uan", "un", "ing", "h"} {
		if len(rest) >= len(p) && rest[:len(p)] == p {
			return true
		}
	}
	return false
}

func symbolAt(word string) (byte, int) {
	for _, s := range spellings[word[0]] {
		if len(word) >= len(s.letters) && word[:len(s.letters)] == s.letters {
			if s.letters[0] == 'd' && s.letters[1] == 'g' {
				return s.symbol, 2 // the vowel stays
			}
			return s.symbol, len(s.letters)
		}
	}
	if word[0] == 'c' && len(word) > 1 && (word[1] == 'e' || word[1] == 'i' || word[1] == 'y') {
		return symS, 1
	}
	return singles[word[0]], 1
}

// classes group symbols that spellings of one name exchange; Signature has one bit a class.
var classes = classTable()

func classTable() (t [symbols]uint8) {
	for i, class := range [][]byte{
		{symA, symE, symO}, {symI, symY}, {symU}, {symB, symP}, {symV, symF, symW}, {symM}, {symN}, {symL}, {symR},
		{symD, symT, symTH, symDH}, {symS, symZ, symTS, symSH}, {symCH}, {symJ, symZH},
		{symG, symGH, symK, symQ, symKH, symX}, {symH},
	} {
		for _, s := range class {
			t[s] = uint8(i) //nolint:gosec // fifteen classes
		}
	}
	return t
}

// Signature is the set of sound classes in a code, one bit each. Codes whose signatures differ in more than three bits
// are never similar.
func Signature(c Code) uint16 {
	var m uint16
	for _, s := range c {
		m |= 1 << classes[s]
	}
	return m
}
