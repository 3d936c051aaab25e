package watch

import "tocsin/services/extractor/watch/fold"

// weighDense judges two spellings in scripts without spaces by their characters: in Han each character is a word, so
// one that differs is another name; elsewhere a character is a sound, and likeness counts.
func weighDense(a, b string, v verdict) verdict {
	x, y := []rune(a), []rune(b)
	if a == b {
		v.score = 1
		return v
	}
	like := 1 - float64(editDistance(x, y))/float64(max(len(x), len(y)))
	if fold.Pinyin(x[0]) != "" && fold.Pinyin(y[0]) != "" {
		v.against("another character", b, contradiction)
		v.score = min(v.score, like) - 0.2
	} else {
		v.score = max(v.score, like)
	}
	v.score = max(v.score, 0)
	return v
}

// editDistance counts the fewest insertions, deletions and exchanges of runes.
func editDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range b {
			d := diagonal
			if r != s {
				d++
			}
			diagonal = row[j+1]
			row[j+1] = min(d, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
