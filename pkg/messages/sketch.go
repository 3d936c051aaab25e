package messages

import "slices"

// What a sketch is. Sketches are stored and compared with those of older programs, so none of these may change.
const (
	// SketchMost is how many hashes a sketch holds; texts of more shingles are sampled.
	SketchMost = 96
	// SketchLeast is how many hashes two sketches must share before anything is said of them. Texts of fewer than ten
	// words have fewer.
	SketchLeast = 8
	// SketchBits keeps hashes within what a double holds exactly, for the readers of JSON that know no other number.
	SketchBits = 53
)

// SharedHashes counts the hashes that two sketches have in common.
func SharedHashes(a, b []uint64) int {
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
	return float64(SharedHashes(a, b)) / float64(smaller)
}

// NearCopies reports whether two sketches are of near-copies: at least SketchLeast shared hashes, and half of the smaller text in the
// larger.
func NearCopies(a, b []uint64) bool {
	return SharedHashes(a, b) >= SketchLeast && Containment(a, b) >= 0.5
}

// covers is the end of the range in which a sketch has all hashes of its text.
func covers(s []uint64) uint64 {
	if len(s) < SketchMost {
		return 1 << SketchBits
	}
	return s[len(s)-1] + 1
}

// below counts the hashes below limit.
func below(s []uint64, limit uint64) int {
	n, _ := slices.BinarySearch(s, limit)
	return n
}
