// Package sketch tells near-copies of a text without comparing texts: a story that two papers took from one agency, with
// another beginning, a few words changed, or cut to a third.
//
// A sketch is a sample of the text's shingles: runs of three words, folded and hashed. Of all hashes the lowest are
// kept, which is a random but repeatable choice (bottom-k sampling; Broder, "On the resemblance and containment of
// documents", 1997). messages.NearCopies compares two of them.
//
// Sketches are stored and compared with sketches of older programs. The way from text to hash must not change.
package sketch

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/text/unicode/norm"

	"tocsin/pkg/messages"
)

// Of returns the sketch of a text: ascending, each hash once and below 1<<messages.SketchBits, at most
// messages.SketchMost. Case, punctuation, white space and the composition of accents make no difference. nil for a text
// of fewer than three words.
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
		hashes = append(hashes, xxhash.Sum64(t.folded[t.starts[from]:to])>>(64-messages.SketchBits))
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	return slices.Clip(hashes[:min(len(hashes), messages.SketchMost)])
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
