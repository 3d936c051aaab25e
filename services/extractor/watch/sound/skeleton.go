package sound

// skip is the alternative "leaves no trace in the skeleton".
const skip = 0

// traces says what a symbol leaves in a skeleton: at a word's start, inside and at its end. Several letters are
// alternatives; the first is the usual one.
type traces struct{ first, inner, last []byte }

var traceTable = newTraces()

func newTraces() (t [symbols]traces) {
	same := func(letter byte, members ...byte) {
		for _, s := range members {
			l := []byte{letter}
			t[s] = traces{l, l, l}
		}
	}
	same('P', symB, symP)
	same('F', symV, symF)
	same('M', symM)
	same('N', symN)
	same('L', symL)
	same('R', symR)
	same('T', symD, symT, symTH, symDH)
	same('S', symS, symTS, symZ)
	same('K', symG, symK, symQ)
	t[symG].first = []byte{'K', 'J'} // Gamal is Jamal, Giordano is Jiordano
	for _, s := range []byte{symA, symE, symI, symO, symU} {
		t[s].first = []byte{'A'}
	}
	t[symY].first = []byte{'J', 'A'}
	t[symW] = traces{[]byte{'F', 'A'}, []byte{'F', skip}, []byte{'F', skip}}
	t[symSH] = traces{[]byte{'S', 'C'}, []byte{'S', 'C'}, []byte{'S', 'C'}}
	t[symCH] = traces{[]byte{'C', 'K'}, []byte{'C', 'K'}, []byte{'C', 'K'}}
	t[symJ] = traces{[]byte{'J', 'C'}, []byte{'J', skip}, []byte{'J', skip}}
	t[symZH] = t[symJ]
	t[symGH] = traces{[]byte{'K', skip}, []byte{'K', skip}, []byte{'K', skip}}
	t[symKH] = traces{[]byte{'K'}, []byte{'K', skip}, []byte{'K', skip}}
	t[symX] = traces{[]byte{'K', 'S'}, []byte{'K', 'S'}, []byte{'K', 'S'}}
	t[symH] = traces{[]byte{'K', 'A'}, []byte{skip, 'K'}, nil}
	return t
}

// alternatives is the most skeletons a word is filed under.
const alternatives = 4

// skeletons is a fixed set of skeletons under construction.
type skeletons struct {
	n    int
	size [alternatives]int
	text [alternatives][Max]byte
}

func (k *skeletons) add(i int, letter byte) {
	if letter == skip || k.size[i] > 0 && k.text[i][k.size[i]-1] == letter {
		return
	}
	k.text[i][k.size[i]] = letter
	k.size[i]++
}

// extend appends the alternatives of one symbol to every skeleton, as long as there is room for them all.
func (k *skeletons) extend(letters []byte) {
	if len(letters) == 0 {
		return
	}
	n := k.n
	if len(letters) > 1 && n*len(letters) <= alternatives {
		for i := range n {
			k.text[n+i], k.size[n+i] = k.text[i], k.size[i]
			k.add(n+i, letters[1])
		}
		k.n = 2 * n
	}
	for i := range n {
		k.add(i, letters[0])
	}
}

func skeletonsOf(c Code) *skeletons {
	k := &skeletons{n: 1}
	for i, s := range c {
		t := &traceTable[s]
		switch {
		case i == 0:
			k.extend(t.first)
		case i == len(c)-1:
			k.extend(t.last)
		default:
			k.extend(t.inner)
		}
	}
	return k
}

// Skeleton is the usual consonant skeleton of a code, for measuring and for families of rarity.
func Skeleton(c Code) string {
	k := skeletonsOf(c)
	return string(k.text[0][:k.size[0]])
}

// Frame is the skeleton with a slot for every inner vowel group: coarser than the code, finer than the skeleton.
func Frame(c Code) string {
	var out [Max]byte
	n := 0
	for i, s := range c {
		letter := byte('a')
		if !vowel(s) {
			t := traceTable[s].inner
			if len(t) == 0 || t[0] == skip && i > 0 {
				continue
			}
			if letter = t[0]; letter == skip {
				letter = 'K'
			}
		}
		if n > 0 && out[n-1] == letter {
			continue
		}
		out[n] = letter
		n++
	}
	if n > 1 && out[n-1] == 'a' {
		n--
	}
	return string(out[:n])
}

// Kinds of key, so that keys of one kind never meet those of another.
const (
	keySkeleton = 1
	keySpelling = 2
	keyGroup    = 3
)

// Shortest skeletons and spellings that are filed with one letter left out.
const (
	shortestSkeleton = 5
	shortestSpelling = 4
)

// Keys calls visit with every blocking key of a word: its skeletons, its long skeletons with one letter left out, and
// its spelling whole and with one letter left out. Two words are compared only when they share a key. A key may be
// visited more than once.
func Keys(word string, c Code, visit func(key uint64)) {
	k := skeletonsOf(c)
	for i := range k.n {
		visit(hash(keySkeleton, k.text[i][:k.size[i]], -1))
	}
	if base := k.text[0][:k.size[0]]; len(base) >= shortestSkeleton {
		for i := range base {
			visit(hash(keySkeleton, base, i))
		}
	}
	if len(word) < shortestSpelling || len(word) > 2*Max {
		return
	}
	visit(hash(keySpelling, word, -1))
	for i := range len(word) {
		visit(hash(keySpelling, word, i))
	}
}

// SpellingKey is the key of Keys that stands for a whole spelling of four letters or more.
func SpellingKey(word []byte) uint64 { return hash(keySpelling, word, -1) }

// GroupKey is the blocking key of a numbered group of words that belong together though they sound apart.
func GroupKey(group uint16) uint64 {
	return hash(keyGroup, []byte{byte(group >> 8), byte(group)}, -1)
}

// hash is FNV-1a over text without the byte at omit, seeded by kind and finished by a multiply.
func hash[T string | []byte](kind uint64, text T, omit int) uint64 {
	h := kind ^ 14695981039346656037
	for i := range len(text) {
		if i == omit {
			continue
		}
		h ^= uint64(text[i])
		h *= 1099511628211
	}
	h ^= h >> 32
	h *= 0x9E3779B97F4A7C15
	return h ^ h>>29
}
