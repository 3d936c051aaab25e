// Package sketch tells near-copies of a text without comparing texts: a story that two papers took from one agency, with
// another beginning, a few words changed, or cut to a third.
//
// A sketch is a sample of the text's shingles: runs of three words, folded and hashed. Of all hashes the lowest Most are
// kept, which is a random but repeatable choice (bottom-k sampling; Broder, "On the resemblance and containment of
// documents", 1997). Two sketches are compared over the range of hashes that both cover, so a short text can be found
// inside a long one. Nothing but shared shingles counts: texts of one subject in different words share none.
//
// Sketches are stored and compared with sketches of older programs. The way from text to hash must not change.
package sketch

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/text/unicode/norm"
)

const (
	// Most is how many hashes a sketch holds; texts of more shingles are sampled.
	Most = 96
	// Least is how many hashes two sketches must share before anything is said of them. Texts of fewer than ten words
	// have fewer.
	Least = 8
)

// hashBits keeps hashes within what a double holds exactly, for the readers of JSON that know no other number.
const hashBits = 53

// Of returns the sketch of a text: ascending, each hash once and below 1<<53, at most Most. Case, punctuation, white space
// and the composition of accents make no difference. nil for a text of fewer than three words.
//
// Give it the main text; a headline is often each paper's own. Takes about 20 ns a byte.
func Of(text string) []uint64 {
	t := foldWords(text)
	var hashes []uint64
	for from := range t.starts {
		to, ok := t.shingle(from)
		if !ok {
			break
		}
		hashes = append(hashes, xxhash.Sum64(t.folded[t.starts[from]:to])>>(64-hashBits))
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	return slices.Clip(hashes[:min(len(hashes), Most)])
}

// Shared counts the hashes that two sketches have in common.
func Shared(a, b []uint64) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			a, b, n = a[1:], b[1:], n+1
		}
	}
	return n
}

// Containment estimates how much of the smaller text stands in the larger, in [0, 1]. 0 when either sketch is empty.
func Containment(a, b []uint64) float64 {
	limit := min(covers(a), covers(b))
	smaller := min(below(a, limit), below(b, limit))
	if smaller == 0 {
		return 0
	}
	return float64(Shared(a, b)) / float64(smaller)
}

// Near reports whether two sketches are of near-copies: at least Least shared hashes, and half of the smaller text in the
// larger.
func Near(a, b []uint64) bool {
	return Shared(a, b) >= Least && Containment(a, b) >= 0.5
}

// covers is the end of the range in which a sketch has all hashes of its text.
func covers(s []uint64) uint64 {
	if len(s) < Most {
		return 1 << hashBits
	}
	return s[len(s)-1] + 1
}

// below counts the hashes below limit.
func below(s []uint64, limit uint64) int {
	n, _ := slices.BinarySearch(s, limit)
	return n
}

// shingleWeight is what the words of one shingle weigh together: three words of two, or six characters of the scripts that
// put no space between words, of which about two make a word.
const shingleWeight = 6

// words is a folded text: its words, each followed by a space, with the end and weight of each.
type words struct {
	folded       []byte
	starts, ends []int
	weights      []int
}

// shingle returns where the shingle that begins with a word ends in the folded text; ok is false when the text ends first.
func (t *words) shingle(from int) (to int, ok bool) {
	weight := 0
	for i := from; i < len(t.ends); i++ {
		if weight += t.weights[i]; weight >= shingleWeight {
			return t.ends[i], true
		}
	}
	return 0, false
}

// foldWords cuts a text into its words, lower-case and composed (Unicode NFKC). Everything but letters, marks and digits
// parts words.
func foldWords(text string) words {
	if !norm.NFKC.IsNormalString(text) {
		text = norm.NFKC.String(text)
	}
	t := words{folded: make([]byte, 0, len(text)+len(text)/8)}
	inside := false
	for _, r := range text {
		alone := unspaced(r)
		if inside && (alone || !ofWord(r)) {
			t.end(2)
			inside = false
		}
		if !ofWord(r) {
			continue
		}
		if !inside {
			t.starts = append(t.starts, len(t.folded))
		}
		t.folded = utf8.AppendRune(t.folded, unicode.ToLower(r))
		if inside = !alone; alone {
			t.end(1)
		}
	}
	if inside {
		t.end(2)
	}
	return t
}

func (t *words) end(weight int) {
	t.ends = append(t.ends, len(t.folded))
	t.weights = append(t.weights, weight)
	t.folded = append(t.folded, ' ')
}

func ofWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number)
}

// unspaced reports whether a character belongs to a script that puts no space between words.
func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
