package sound

// Costs of the edit distance, in hundredths of a full mismatch. They were set by hand from how press agencies,
// passports and sanctions lists spell the same Arabic, Persian, Turkic, Slavic and Pashto names.

const (
	mismatch     = 100
	vowelClash   = 120 // a vowel against a consonant
	vowelSwap    = 30
	dropped      = 90
	droppedVowel = 40
	transposed   = 50
)

// costTables hold what it costs to exchange, drop or add symbols.
type costTables struct {
	swap [symbols][symbols]uint16
	// swapAbjad is swap where one side's script writes long vowels as consonants and has no letters for some sounds.
	swapAbjad [symbols][symbols]uint16
	// drop is for words that both show their vowels, dropAbjad when one side's script writes none.
	drop, dropAbjad [symbols]uint16
}

var costs = newCosts()

// near lists exchanges that are cheaper than a mismatch.
var near = []struct {
	a, b byte
	cost uint16
}{
	{symA, symO, 22}, {symA, symE, 22}, {symE, symI, 18}, {symO, symU, 15}, {symI, symY, 8}, {symA, symI, 45}, {symA, symU, 38},
	{symE, symO, 40}, {symE, symU, 45}, {symI, symU, 45}, {symI, symO, 50}, {symJ, symY, 35}, {symW, symU, 35}, {symV, symU, 35}, {symW, symO, 50},
	{symB, symP, 40}, {symV, symW, 8}, {symV, symF, 25}, {symW, symF, 35}, {symV, symB, 50}, {symF, symP, 55}, {symM, symN, 60},
	{symL, symR, 70}, {symD, symT, 35}, {symT, symTH, 12}, {symD, symDH, 8}, {symD, symTH, 40}, {symD, symJ, 45}, {symDH, symZ, 25},
	{symDH, symTH, 20}, {symTH, symS, 35}, {symS, symZ, 30}, {symS, symTS, 35}, {symTS, symZ, 40}, {symTS, symCH, 45},
	{symS, symSH, 35}, {symSH, symCH, 35}, {symSH, symZH, 40}, {symZ, symZH, 25}, {symS, symCH, 50}, {symCH, symJ, 40},
	{symZH, symJ, 12}, {symJ, symG, 35}, {symCH, symK, 50}, {symCH, symKH, 40}, {symG, symGH, 8}, {symG, symK, 40},
	{symG, symQ, 20}, {symGH, symQ, 20}, {symGH, symKH, 30}, {symGH, symH, 45}, {symK, symQ, 5}, {symK, symKH, 25},
	{symQ, symKH, 30}, {symKH, symH, 8}, {symG, symH, 45}, {symK, symH, 60}, {symX, symKH, 20}, {symX, symK, 40},
	{symX, symS, 25}, {symX, symSH, 10}, {symX, symH, 35}, {symJ, symH, 70},
}

// nearAbjad are the exchanges that are cheaper still when one word was romanised from Arabic or Hebrew letters: waw and
// yeh stand for vowels, and foreign p, v, g and ch are written with what there is.
var nearAbjad = []struct {
	a, b byte
	cost uint16
}{
	{symW, symO, 12}, {symW, symU, 8}, {symV, symO, 18}, {symV, symU, 18}, {symY, symI, 4}, {symY, symE, 12}, {symB, symP, 15},
	{symF, symV, 12}, {symW, symV, 8}, {symGH, symG, 5}, {symK, symG, 25}, {symJ, symG, 20},
}

func newCosts() *costTables {
	t := &costTables{}
	for a := range symbols {
		for b := range symbols {
			t.swap[a][b] = plainSwap(a, b)
		}
		t.drop[a] = dropped
		if vowel(a) {
			t.drop[a] = droppedVowel
		}
	}
	for _, n := range near {
		t.swap[n.a][n.b], t.swap[n.b][n.a] = n.cost, n.cost
	}
	t.drop[symH], t.drop[symY], t.drop[symE], t.drop[symW], t.drop[symGH] = 30, 30, 35, 60, 70
	t.swapAbjad = t.swap
	for _, n := range nearAbjad {
		t.swapAbjad[n.a][n.b], t.swapAbjad[n.b][n.a] = n.cost, n.cost
	}
	t.dropAbjad = t.drop
	for _, v := range []byte{symA, symE, symI, symO, symU} {
		t.dropAbjad[v] = 10
	}
	t.dropAbjad[symY], t.dropAbjad[symH], t.dropAbjad[symW] = 20, 25, 30
	return t
}

func plainSwap(a, b byte) uint16 {
	switch {
	case a == b:
		return 0
	case vowel(a) != vowel(b):
		return vowelClash
	case vowel(a):
		return vowelSwap
	}
	return mismatch
}

// distance is the weighted Damerau-Levenshtein distance of two codes in hundredths, or limit+1 when it is above limit.
func distance(a, b Code, limit int, swaps *[symbols][symbols]uint16, drop *[symbols]uint16) int {
	var rows [3][Max + 1]uint16
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j, s := range b {
		last[j+1] = last[j] + drop[s]
	}
	for i, s := range a {
		swap := &swaps[s]
		gone := drop[s]
		row[0] = last[0] + gone
		best := row[0]
		for j, r := range b {
			d := min(last[j]+swap[r], last[j+1]+gone, row[j]+drop[r])
			if i > 0 && j > 0 && s == b[j-1] && a[i-1] == r && s != r {
				d = min(d, before[j-1]+transposed)
			}
			row[j+1] = d
			best = min(best, d)
		}
		if int(best) > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return int(last[len(b)])
}

// Weight is how much sound a code holds, in hundredths: 100 a consonant, 60 a vowel.
func Weight(c Code) int {
	w := 0
	for _, s := range c {
		if vowel(s) {
			w += 60
		} else {
			w += 100
		}
	}
	return w
}

// Similarity of two codes in [0, 1]: 1 minus their distance over the heavier weight, with penalties for a different
// first sound and for very short words. It is below 1 even for equal codes, which two spellings may share. Abjad says
// that one of the words comes from a script without short vowels.
func Similarity(a, b Code, abjad bool) float64 {
	return SimilarityAtLeast(a, b, Weight(a), Weight(b), abjad, 0)
}

// Shares of the similarity.
const (
	perWeight  = 1.15
	firstSound = 30 // for a clearly different first sound
	shortWord  = 0.08
)

// SimilarityAtLeast is Similarity when that is at least least, and 0 otherwise; it stops early when it cannot be. Weights
// are those of the codes.
func SimilarityAtLeast(a, b Code, weightA, weightB int, abjad bool, least float64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	weight := max(weightA, weightB)
	limit := min(weight/2, int((1-least)/perWeight*float64(weight)))
	swaps, drop := &costs.swap, &costs.drop
	if abjad {
		swaps, drop = &costs.swapAbjad, &costs.dropAbjad
	}
	extra := 0
	if swaps[a[0]][b[0]] > 45 && !(abjad && (vowel(a[0]) || vowel(b[0]))) {
		extra = firstSound
	}
	d := distance(a, b, limit, swaps, drop)
	if d > limit {
		return 0
	}
	s := 1 - float64(d+extra+2)/float64(weight)*perWeight
	if len(a) <= 3 || len(b) <= 3 {
		s -= shortWord
	}
	if s < least {
		return 0
	}
	return max(s, 0)
}
